/** The blend of `blend.ts`, evaluated for given rows. */
import { exp } from '../compute/exp.js'
import { NEVER } from '../compute/scorer.js'
import { dot } from '../compute/vector.js'
import { power } from './blend.js'
import type { Evidence, Model } from './evidence.js'

/** What each part contributes to one item's relevance, before the repeat factor. */
export interface Shares {
  dense: number
  tables: number
  /** exp(repeat_i); 1 for an item that is not of this session. */
  repeat: number
}

/** Relevance of each row, Float64Array in their order; 0 where nothing speaks for a row. */
export function relevance(model: Model, evidence: Evidence, rows: Uint32Array): Float64Array {
  const logits = denseLogits(model, evidence, rows)
  return Float64Array.from(rows, (row, i) => {
    const { dense, tables, repeat } = sharesOf(evidence, row, logits[i]!)
    return (dense + tables) * repeat
  })
}

/** Logit of each row less the softmax's log-sum; -Infinity where there is no dense score. */
export function denseLogits(model: Model, evidence: Evidence, rows: Uint32Array): Float64Array {
  const logits = new Float64Array(rows.length).fill(-Infinity)
  const { dense } = evidence
  if (!dense) return logits
  const points = model.scorer.score(dense.query.codes, dense.query.biasMultiplier, rows)
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    if (points[i] !== NEVER) logits[i] = points[i]! * dense.query.perPoint - dense.logSum
    // A rare item has no score of its own, but the visitor's own visit to it is evidence enough.
    else if (evidence.repeats.has(row)) {
      const product = dot(dense.vector, model.catalog.vector(row))
      logits[i] = model.encoder.scale * product + model.blend.rareBias - dense.logSum
    }
  }
  return logits
}

export function sharesOf(evidence: Evidence, row: number, logit: number): Shares {
  const { weights, repeats } = evidence
  let tables = 0
  evidence.tables.forEach((shares, t) => {
    tables += weights.table[t]! * power(shares.get(row) ?? 0, weights.tableExponent[t]!)
  })
  return {
    dense: logit === -Infinity ? 0 : weights.dense * exp(weights.denseExponent * logit),
    tables,
    repeat: repeats.get(row) ?? 1,
  }
}
