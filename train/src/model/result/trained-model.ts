/** What training makes, before it is quantised. Row i of everything belongs to `ids[i]`. */
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
  /** Sessions with each item; 0 where fewer than k. */
  popularity: Uint32Array
  tables: NeighbourTable[]
  encoder: EncoderTensors
  blend: Blend
  /** Real value of one unit of the item codes, as coarse as validation allowed. */
  step: number
  minSessions: number
  /** Present where vectors go on from an earlier pack: they are in its space already, and biases keep its step. */
  frame?: { biasStep: number }
  lineage: Lineage
}
