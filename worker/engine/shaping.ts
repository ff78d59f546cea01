/**
 * How lists are made. Where the pack, the shop, a slot or a call says something about it, a part of its own (`worker/shape`) is
 * loaded, which checks the settings and follows them. Without it no list is made there, because rules always hold.
 */
import type { EngineConfig, ListRequest, RankingSettings } from '../protocol.js'
import type { Shape } from '../rank/candidates.js'
import { AVAILABLE } from '../rank/plain.js'
import type * as ShapePart from '../shape/part.js'

const RETRY_MS = 10_000

export interface Shaping {
  settings: RankingSettings
  shape?: Shape
}

/** @returns how the list of a request is made. It is a promise while the part is being loaded, and rejects if that fails. */
export type ShapingOf = (
  request: Pick<ListRequest, 'slot' | 'ranking'>,
  ofPack: RankingSettings | undefined,
) => Shaping | Promise<Shaping>

/** @param trouble is told what is wrong with settings, in words */
export function createShaping(
  config: Pick<EngineConfig, 'ranking' | 'slots'>,
  load: () => Promise<typeof ShapePart>,
  trouble: (message: string) => void,
): ShapingOf {
  const ofSlots = new Map(Object.entries(Object(config.slots) as NonNullable<EngineConfig['slots']>))
  let loading: Promise<void> | undefined
  let part: (Shaping & { settingsOf: ReturnType<typeof ShapePart.createSettings> }) | undefined

  function loaded(): Promise<void> {
    loading ??= load().then(
      ({ createSettings, shape }) => {
        part = { settings: {}, shape, settingsOf: createSettings(config, trouble) }
      },
      (error) => {
        // A file that is missing is not asked for with every list.
        setTimeout(() => {
          loading = undefined
        }, RETRY_MS)
        throw new Error(`shape.js could not be loaded: ${(error as Error).message}`)
      },
    )
    return loading
  }

  if ([config.ranking, ...ofSlots.values()].some(asks)) loaded().catch(() => {})

  return (request, ofPack) => {
    const said = [ofPack, config.ranking, ofSlots.get(request.slot), request.ranking]
    if (!said.some(asks)) {
      const reasons = said.findLast((one) => one?.reasons !== undefined)?.reasons
      return { settings: { rules: [AVAILABLE], reasons } }
    }
    const shaped = () => ({ settings: part!.settingsOf(request, ofPack), shape: part!.shape! })
    return part ? shaped() : loaded().then(shaped)
  }
}

/** What the part follows; the engine gives reasons by itself. */
const SHAPING = ['head', 'rules', 'variety', 'explore'] as const

/** Whether settings say more than the engine does by itself. Other names in them, such as misspelt ones, say nothing. */
function asks(settings: RankingSettings | undefined): boolean {
  return SHAPING.some((name) => settings?.[name] !== undefined)
}
