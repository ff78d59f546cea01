/**
 * How lists are made. Where the pack, the shop, a slot or a call says something about it, a part of its own (`worker/shape`) is
 * loaded, which checks the settings and follows them. Without it no list is made there, because rules always hold.
 */
import type { EngineConfig, ListRequest, RankingSettings } from '../protocol.js'
import { ACCOUNTS } from '../rank/accounts.js'
import type { Made } from '../rank/candidates.js'
import type { ServingModel } from '../rank/evidence.js'
import { AVAILABLE } from '../rank/plain.js'
import type * as ShapePart from '../shape/part.js'

const RETRY_MS = 10_000

/** With the part, `explain` says what can be said of an item. */
export type Shaped = Required<Made> & { explain: ReturnType<typeof ShapePart.explainer> }

export interface Shaping {
  /** How the list of a request is made. It is a promise while the part is being loaded, and rejects if that fails. */
  of(request: Pick<ListRequest, 'slot' | 'ranking'>, model: ServingModel): Made | Promise<Made>
  /** The same with the part, whether the settings need it or not. */
  whole(request: Pick<ListRequest, 'slot' | 'ranking'>, model: ServingModel): Shaped | Promise<Shaped>
}

/** @param trouble is told what is wrong with settings, in words */
export function createShaping(
  config: Pick<EngineConfig, 'ranking' | 'slots'>,
  load: () => Promise<typeof ShapePart>,
  trouble: (message: string) => void,
): Shaping {
  const ofSlots = new Map(Object.entries(Object(config.slots) as NonNullable<EngineConfig['slots']>))
  let loading: Promise<void> | undefined
  let part:
    | (Omit<Shaped, 'settings'> & { settingsOf: ReturnType<typeof ShapePart.createSettings> })
    | undefined

  async function start(): Promise<void> {
    try {
      const { explainer, createSettings, shape } = await load()
      part = { explain: explainer(ACCOUNTS), shape, settingsOf: createSettings(config, trouble) }
    } catch (error) {
      // A file that is missing is not asked for with every list.
      setTimeout(() => {
        loading = undefined
      }, RETRY_MS)
      throw new Error(`shape.js could not be loaded: ${(error as Error).message}`)
    }
  }

  function loaded(): Promise<void> {
    loading ??= start()
    return loading
  }

  if ([config.ranking, ...ofSlots.values()].some(asks)) loaded().catch(() => {})

  const whole: Shaping['whole'] = (request, model) => {
    const shaped = (): Shaped => {
      const { settingsOf, ...rest } = part!
      return { ...rest, settings: settingsOf(request, model.settings) }
    }
    return part ? shaped() : loaded().then(shaped)
  }

  return {
    whole,
    of(request, model) {
      const said = [model.settings, config.ranking, ofSlots.get(request.slot), request.ranking]
      if (model.stage || said.some(asks)) return whole(request, model)
      const reasons = said.findLast((one) => one?.reasons !== undefined)?.reasons
      return { settings: { rules: [AVAILABLE], reasons } }
    },
  }
}

/** What the part follows; the engine gives reasons by itself. */
const SHAPING = ['head', 'rules', 'variety', 'explore'] as const

/** Whether settings say more than the engine does by itself. Other names in them, such as misspelt ones, say nothing. */
function asks(settings: RankingSettings | undefined): boolean {
  return SHAPING.some((name) => settings?.[name] !== undefined)
}
