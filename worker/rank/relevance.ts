/** The blend of `blend.ts`, evaluated for given rows: first the features, then one number of them. */
import { exp } from '../compute/exp.js'
import { NEVER } from '../compute/scorer.js'
import { dot } from '../compute/vector.js'
import { power } from './blend.js'
import type { Features } from './candidates.js'
import type { Evidence, ServingModel } from './evidence.js'

/** Relevance of each row, Float64Array in their order; 0 where nothing speaks for a row. */
export function relevance(model: ServingModel, evidence: Evidence, rows: Uint32Array): Float64Array {
  return relevanceOf(featuresOf(model, evidence, rows))
}

/** What the features make together. */
export function relevanceOf({ dense, tables, repeat }: Features): Float64Array {
  return dense.map((value, i) => (value + tables[i]!) * repeat[i]!)
}

/** The features of each row. A row beyond the catalogue has none: 0, 0 and the factor 1. */
export function featuresOf(model: ServingModel, evidence: Evidence, rows: Uint32Array): Features {
  const { weights } = evidence
  const dense = denseLogits(model, evidence, rows).map((logit) =>
    logit === -Infinity ? 0 : weights.dense * exp(weights.denseExponent * logit),
  )
  const tables = new Float64Array(rows.length)
  const repeat = new Float64Array(rows.length)
  evidence.tables.forEach((shares, t) => {
    const [weight, exponent] = [weights.table[t]!, weights.tableExponent[t]!]
    rows.forEach((row, i) => {
      tables[i]! += weight * power(shares.get(row) ?? 0, exponent)
    })
  })
  rows.forEach((row, i) => {
    repeat[i] = evidence.repeats.get(row) ?? 1
  })
  return { dense, tables, repeat, against: new Float64Array(rows.length) }
}

/** Logit of each row less the softmax's log-sum; -Infinity where there is no dense score. */
export function denseLogits(model: ServingModel, evidence: Evidence, rows: Uint32Array): Float64Array {
  const logits = new Float64Array(rows.length).fill(-Infinity)
  const { dense } = evidence
  if (!dense) return logits
  const points = model.scorer.score(dense.query.codes, dense.query.biasMultiplier, rows)
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    if (points[i] !== NEVER) logits[i] = points[i]! * dense.query.perPoint - dense.logSum
    // The scan never returns a rare item. One that this visitor has looked at is scored by its vector all the same.
    else if (evidence.repeats.has(row)) {
      const product = dot(dense.vector, model.catalog.vector(row))
      logits[i] = model.encoder.scale * product + model.blend.rareBias - dense.logSum
    }
  }
  return logits
}
