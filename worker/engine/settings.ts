/** How lists are made: what the shop says for all of them, for a slot and in a call, put together. */
import type { EngineConfig, ListRequest, RankingSettings } from '../protocol.js'

export type SettingsOf = (request: Pick<ListRequest, 'slot' | 'ranking'>) => RankingSettings

/** @returns the settings of a request. The call wins over the slot, and the slot over the shop. */
export function createSettings({ ranking, slots }: Pick<EngineConfig, 'ranking' | 'slots'>): SettingsOf {
  const ofSlots = new Map(Object.entries(slots ?? {}))
  return ({ slot, ranking: ofCall }) => merged(ranking, ofSlots.get(slot), ofCall)
}

/** Settings that are undefined say nothing. */
function merged(...all: (RankingSettings | undefined)[]): RankingSettings {
  const said = all.flatMap((one) => Object.entries(one ?? {}))
  return Object.fromEntries(said.filter(([, value]) => value !== undefined))
}
