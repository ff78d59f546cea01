/**
 * How lists are made: what the pack, the shop, the slot and the call say, put together. The settings come from outside, so
 * they are checked here. What is wrong is ignored, and told once.
 */
import type { EngineConfig, Head, ListRequest, RankingSettings, Rule } from '../protocol.js'
import { AVAILABLE } from '../rank/plain.js'
import { MOST_RULES, parseRule, parseWish } from './rules/parse.js'

const HEADS: readonly Head[] = ['home', 'similar', 'goes-with']
const WISHES = ['variety', 'explore'] as const

/** @param ofPack what the pack in use says */
export type SettingsOf = (
  request: Pick<ListRequest, 'slot' | 'ranking'>,
  ofPack?: RankingSettings,
) => RankingSettings

/**
 * @param trouble is told what is wrong, in words
 * @returns the settings of a request. The call wins over the slot, the slot over the shop, and the shop over the pack; rules of
 *   all of them hold together.
 */
export function createSettings(
  { ranking, slots }: Pick<EngineConfig, 'ranking' | 'slots'>,
  trouble: (message: string) => void = () => {},
): SettingsOf {
  const ofSlots = new Map(Object.entries(slots ?? {}))
  const said = new Set<string>()
  /** By the list as it came, which is checked only once. */
  const good = new WeakMap<object, Rule[]>()

  function tell(message: string): void {
    if (said.has(message)) return
    // Calls could bring new mistakes for ever.
    if (said.size < 100) said.add(message)
    trouble(message)
  }

  function checked(given: unknown, from: string): Rule[] {
    if (!Array.isArray(given)) {
      tell(`rules of ${from}: expected a list of rules; they are ignored.`)
      return []
    }
    let found = good.get(given)
    if (!found) {
      found = given.slice(0, MOST_RULES).flatMap((rule, n) => {
        try {
          return [parseRule(rule, `${from}, rule ${n + 1}`)]
        } catch (error) {
          tell(`${(error as Error).message}. The rule is ignored.`)
          return []
        }
      })
      if (given.length > MOST_RULES) tell(`rules of ${from}: only the first ${MOST_RULES} hold.`)
      good.set(given, found)
    }
    return found
  }

  /** The settings of one place without those that are wrong. */
  function sound(from: string, given: RankingSettings | undefined): RankingSettings | undefined {
    let one = given
    if (one?.head !== undefined && !HEADS.includes(one.head)) {
      tell(`head of ${from}: expected ${HEADS.join(', ')}; it is ignored.`)
      one = { ...one, head: undefined }
    }
    for (const name of WISHES) {
      if (one?.[name] === undefined) continue
      try {
        one = { ...one, [name]: parseWish(name, one[name], from) }
      } catch (error) {
        tell(`${(error as Error).message}. The setting is ignored.`)
        one = { ...one, [name]: undefined }
      }
    }
    return one
  }

  return ({ slot, ranking: ofCall }, ofPack) => {
    const all: [string, RankingSettings | undefined][] = [
      ['the pack', ofPack],
      ['create', ranking],
      [`slot ${slot}`, ofSlots.get(slot)],
      ['the call', ofCall],
    ]
    const rules = all.flatMap(([from, one]) => (one?.rules == null ? [] : checked(one.rules, from)))
    return { ...merged(all.map(([from, one]) => sound(from, one))), rules: withDefault(rules) }
  }
}

function withDefault(rules: readonly Rule[]): Rule[] {
  const isOff = (rule: Rule) => rule.kind === 'available' && rule.off
  return rules.some(isOff) ? rules.filter((rule) => !isOff(rule)) : [AVAILABLE, ...rules]
}

/** Settings that are undefined say nothing. Rules are put together elsewhere. */
function merged(all: (RankingSettings | undefined)[]): RankingSettings {
  const said = all.flatMap((one) => Object.entries(one ?? {}))
  return Object.fromEntries(said.filter(([name, value]) => value !== undefined && name !== 'rules'))
}
