/** The result of training, before it is quantised. Row i of every array belongs to `ids[i]`. */
import type { Lineage } from '../../../../worker/pack/manifest.js'
import type { Blend } from '../../../../worker/rank/blend.js'
import type { EncoderTensors } from '../../../../worker/session/encoder.js'
import type { NeighbourTable } from '../../pack/content.js'

export interface TrainedModel {
  dim: number
  ids: string[]
  /** Float32Array of n*dim, unit rows. Rare items have the rare token's vector, or one made from content. */
  vectors: Float32Array
  /** In logits. */
  bias: Float32Array
  /** 1 for rows that no scan may return: rare items without content. */
  hidden: Uint8Array
  /** Sessions with each item; 0 for a rare one. */
  popularity: Uint32Array
  tables: NeighbourTable[]
  encoder: EncoderTensors
  blend: Blend
  /** Weights of the second stage; absent where it does not pay. */
  stage?: Float32Array | undefined
  /** How much more the same category counts in `similar`, as a logarithm; absent where that does not pay. */
  similar?: number | undefined
  /** Real value of one unit of the item codes. Validation chose it as coarse as possible. */
  step: number
  minSessions: number
  /** Set after a warm start. The vectors are already in the space of the earlier pack, and biases keep its step. */
  frame?: { biasStep: number }
  lineage: Lineage
}
