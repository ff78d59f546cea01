/** What figures are called where people read them. */
import type { PackFigures } from '../../pack/weigh.js'
import type { BaselineFigures } from './compare.js'
import type { Slices } from './slices.js'

const BASELINES: Record<string, string> = {
  popularity: 'popularity',
  neighbours: "the pack's neighbours",
  forgotten: 'without earlier visits',
  itemKnn: 'item-kNN',
  associationRules: 'association rules',
  sequentialRules: 'sequential rules',
  vsknn: 'VSKNN',
  vsknnRepeat: 'VSKNN + repeat layer',
  matrixFactorisation: 'matrix factorisation',
}

/** With the settings that are usually named: `VSKNN 500/5000`. */
export function nameOf(baseline: string, { settings }: Pick<BaselineFigures, 'settings'>): string {
  const name = BASELINES[baseline] ?? baseline
  return settings?.neighbours
    ? name.replace('VSKNN', `VSKNN ${settings.neighbours}/${settings.sample}`)
    : name
}

export const SLICES: Record<keyof Slices, string> = {
  sessionLength: 'events of the session so far',
  targetPopularity: 'popularity of what came next, in thirds of all events',
  targetRepeat: 'what came next',
  knownItems: 'items that the pack knows',
}

/** What baselines know that the pack may not, as a sentence; none where there is no such thing. */
export function privacyNote({
  baselines,
  pack,
}: {
  baselines: Record<string, unknown>
  pack?: PackFigures
}): string[] {
  const logged = Object.keys(baselines).some((name) => name !== 'popularity' && name !== 'neighbours')
  if (!logged || !pack || pack.minSessions < 2) return []
  return [
    `The baselines know every session of the training log; the pack leaves out what fewer than ${pack.minSessions} of them share.`,
  ]
}
