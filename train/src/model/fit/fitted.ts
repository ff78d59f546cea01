/** What a training takes and what it gives, before it is assembled into a model. */
import type { EncoderTensors } from '../../../../worker/session/encoder.js'
import type { NeighbourTable } from '../../pack/content.js'
import type { Log } from '../log/log.js'
import type { Support } from '../log/support.js'
import type { LoopOptions } from '../optimise/loop.js'
import type { Imported } from '../start/imported.js'

export interface Fitted {
  support: Support
  tables: NeighbourTable[]
  /** items*dim; rare items have one made from content, else the rare token's. */
  vectors: Float32Array
  /** 1 for rare items without content: no scan returns them. */
  hidden: Uint8Array
  /** 1 for items that are shown by content alone, without a history or a bias of their own. */
  newcomers: Uint8Array
  bias: Float32Array
  /** The vector that all rare items share. */
  token: Float32Array
  repeat: Float32Array
  encoder: EncoderTensors
  /** Share of the training that was done: below 1 where it was cut short. */
  done: number
}

export interface FitOptions extends Pick<LoopOptions, 'workers' | 'signal' | 'enough' | 'loop' | 'onBatch'> {
  minSessions: number
  /** What is not trained but stays as it is. */
  imported?: Imported | undefined
  /** A training on a part of the same log; this one continues from it. */
  firstFit?: Fitted | undefined
  /** Columns of the catalogue that are features, beside those that always are. */
  attributes?: readonly string[] | undefined
}

export interface Trained {
  fitted: Fitted
  /** What it was trained on. */
  log: Log
}
