/** The names of figures in texts for people. */
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

/** Includes the settings that are usually given: `VSKNN 500/5000`. */
export function nameOf(baseline: string, { settings }: Pick<BaselineFigures, 'settings'>): string {
  const name = BASELINES[baseline] ?? baseline
  return settings?.neighbours
    ? name.replace('VSKNN', `VSKNN ${settings.neighbours}/${settings.sample}`)
    : name
}

export const SLICES: Record<keyof Slices, string> = {
  sessionLength: 'events of the session so far',
  targetPopularity: 'popularity of the next item, in thirds of all events',
  targetRepeat: 'whether the next item is a repeat',
  knownItems: 'items that the pack knows',
}

/** A sentence about what the baselines know and the pack may not. No sentence if there is no such difference. */
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
    `The baselines know every session of the training log; the pack leaves out everything that fewer than ${pack.minSessions} of them share.`,
  ]
}
