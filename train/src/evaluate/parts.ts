/**
 * A part of the blend alone. `session` is what the encoder says and `neighbours` what the tables say; the repeat
 * factor, which has no score of its own, stays with either.
 */
import type { BlendWeights } from '../../../worker/rank/blend.js'
import type { Model } from '../../../worker/rank/evidence.js'

export const PARTS = ['session', 'neighbours'] as const
export type Part = (typeof PARTS)[number]

export function only(model: Model, parts: readonly Part[]): Model {
  if (PARTS.every((part) => parts.includes(part))) return model
  const keep = parts[0] === 'session' ? sessionOnly : neighboursOnly
  return { ...model, blend: { ...model.blend, buckets: model.blend.buckets.map(keep) } }
}

// A weight that the whole blend has at 0 must not leave the part without any score.
function sessionOnly(bucket: BlendWeights): BlendWeights {
  return { ...bucket, dense: bucket.dense || 1, table: bucket.table.map(() => 0) }
}

function neighboursOnly(bucket: BlendWeights): BlendWeights {
  const none = bucket.table.every((weight) => weight === 0)
  return { ...bucket, dense: 0, table: none ? bucket.table.map(() => 1) : bucket.table }
}
