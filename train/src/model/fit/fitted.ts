/** The options and the result of one training. `result/assemble.ts` makes a model from the result. */
import type { EncoderTensors } from '../../../../worker/session/encoder.js'
import type { NeighbourTable } from '../../pack/content.js'
import type { Log } from '../log/log.js'
import type { Support } from '../log/support.js'
import type { LoopOptions } from '../optimise/loop.js'
import type { Imported } from '../start/imported.js'

export interface Fitted {
  support: Support
  tables: NeighbourTable[]
  /** items*dim. A rare item has a vector made from content, or else the vector of the rare token. */
  vectors: Float32Array
  /** 1 for rare items without content: no scan returns them. */
  hidden: Uint8Array
  /** 1 for items that are shown because of their content alone, without a history or a bias of their own. */
  newcomers: Uint8Array
  bias: Float32Array
  /** The vector that all rare items share. */
  token: Float32Array
  repeat: Float32Array
  encoder: EncoderTensors
  /** Share of the training that was done: below 1 if it was cut short. */
  done: number
}

export interface FitOptions extends Pick<LoopOptions, 'workers' | 'signal' | 'enough' | 'loop' | 'onBatch'> {
  minSessions: number
  /** Vectors, and possibly an encoder, that stay as they are. */
  imported?: Imported | undefined
  /** An earlier training on a part of the same log. This training continues from it. */
  firstFit?: Fitted | undefined
  /** Catalogue columns to use as features, besides the standard ones. */
  attributes?: readonly string[] | undefined
}

export interface Trained {
  fitted: Fitted
  /** The log that it was trained on. */
  log: Log
}
