/**
 * Restricts a blend to one of its parts. `session` is the score of the encoder and `neighbours` that of the tables.
 * The repeat factor has no score of its own and stays in both.
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

// If the whole blend gives a part the weight 0, the part alone gets the weight 1, because otherwise it would have no
// score.
function sessionOnly<W extends BlendWeights>(bucket: W): W {
  return { ...bucket, dense: bucket.dense || 1, table: bucket.table.map(() => 0) }
}

function neighboursOnly<W extends BlendWeights>(bucket: W): W {
  const none = bucket.table.every((weight) => weight === 0)
  return { ...bucket, dense: 0, table: none ? bucket.table.map(() => 1) : bucket.table }
}
