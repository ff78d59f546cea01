/**
 * What a pack says about one session: everything that an attacker can read from it without other knowledge. As far as
 * this can be known in advance, a higher value means that the session is more likely a member.
 *
 * - tables: whether the neighbour tables contain the session's pairs, how strongly, and how much of a row's whole
 *   list is inside the session (at k = 1 the row of a rare item is the session);
 * - likelihood: how well the served blend, and the encoder alone, predict each step (Yeom et al. 2018: training
 *   sessions are predicted better);
 * - counts: the popularity of the session's items;
 * - ids: whether the list of ids has all of its items. A list made from the log alone includes items that were seen
 *   once.
 */
import { EXCLUDED } from '../../../worker/compute/scorer.js'
import { gather, type ServingModel } from '../../../worker/rank/evidence.js'
import { denseLogits, relevance } from '../../../worker/rank/relevance.js'
import type { Suspect } from './suspects.js'
import { gains, readTables } from './table-signals.js'

export const SIGNALS = ['tables', 'likelihood', 'counts'] as const
export type Signals = Record<(typeof SIGNALS)[number], number[]>

/** Values that stand for a step that was not predicted at all. */
const NO_RELEVANCE = 1e-6
const LOWEST_LOGIT = -20

/**
 * Each signal. With a reference, also each signal minus that of the reference.
 * @param reference a pack with the same rows that was not trained on the session
 * @param session rows of the packs, -1 if they do not have the item
 */
export function signalsOf(
  model: ServingModel,
  reference: ServingModel | null,
  session: Pick<Suspect, 'rows' | 'weights'>,
): Signals {
  const tables = readTables(model, session.rows)
  const here = {
    tables: tables.signals,
    likelihood: likelihoods(model, session),
    counts: counts(model, session),
  }
  if (!reference) return here
  const expected = readTables(reference, session.rows)
  const corrected = (values: number[], there: number[]) => [
    ...values,
    ...values.map((value, i) => value - there[i]!),
  ]
  return {
    tables: [...corrected(tables.signals, expected.signals), ...gains(tables, expected)],
    likelihood: corrected(here.likelihood, likelihoods(reference, session)),
    counts: corrected(here.counts, counts(reference, session)),
  }
}

export function ownVector(model: ServingModel, row: number): boolean {
  return row >= 0 && model.catalog.bias[row] !== EXCLUDED
}

function likelihoods(model: ServingModel, { rows, weights }: Pick<Suspect, 'rows' | 'weights'>): number[] {
  const steps: { row: number; weight: number }[] = []
  let blend = 0
  let encoder = 0
  let blendLowest = 0
  let encoderLowest = 0
  for (let i = 0; i < rows.length; i++) {
    if (i > 0) {
      let logit = LOWEST_LOGIT
      let foreseen = Math.log(NO_RELEVANCE)
      if (rows[i]! >= 0 && steps.length > 0) {
        const evidence = gather(model, steps)
        const target = Uint32Array.of(rows[i]!)
        logit = Math.max(logit, denseLogits(model, evidence, target)[0]!)
        foreseen = Math.log(relevance(model, evidence, target)[0]! + NO_RELEVANCE)
      }
      blend += foreseen / (rows.length - 1)
      encoder += logit / (rows.length - 1)
      blendLowest = Math.min(blendLowest, foreseen)
      encoderLowest = Math.min(encoderLowest, logit)
    }
    if (rows[i]! >= 0) steps.push({ row: rows[i]!, weight: weights[i]! })
  }
  return [blend, blendLowest, encoder, encoderLowest]
}

function counts({ catalog }: ServingModel, { rows }: Pick<Suspect, 'rows'>): number[] {
  const logs = rows.map((row) => (row < 0 ? 0 : Math.log1p(catalog.popularity(row))))
  return [logs.reduce((sum, value) => sum + value, 0) / logs.length, Math.min(...logs), Math.log(rows.length)]
}
