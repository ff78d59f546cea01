/**
 * A part of the blend alone. `session` is what the encoder says and `neighbours` what the tables say; the repeat
 * factor, which has no score of its own, stays with either.
 */
import type { BlendWeights } from '../../../../worker/rank/blend.js'
import type { ServingModel } from '../../../../worker/rank/evidence.js'

export const PARTS = ['session', 'neighbours'] as const
export type Part = (typeof PARTS)[number]

export function only(model: ServingModel, parts: readonly Part[]): ServingModel {
  if (PARTS.every((part) => parts.includes(part))) return model
  const keep = parts[0] === 'session' ? sessionOnly : neighboursOnly
  const { buckets, even } = model.blend
  return {
    ...model,
    blend: {
      ...model.blend,
      buckets: buckets.map(keep),
      ...(even && { even: [keep(even[0]), keep(even[1])] }),
    },
  }
}

// A weight that the whole blend has at 0 must not leave the part without any score.
function sessionOnly<W extends BlendWeights>(bucket: W): W {
  return { ...bucket, dense: bucket.dense || 1, table: bucket.table.map(() => 0) }
}

function neighboursOnly<W extends BlendWeights>(bucket: W): W {
  const none = bucket.table.every((weight) => weight === 0)
  return { ...bucket, dense: 0, table: none ? bucket.table.map(() => 1) : bucket.table }
}
