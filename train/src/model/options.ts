/** What a training may be told. */
import type { Checkpoint } from '../checkpoint/checkpoint.js'
import type { Kind } from '../encoders/kind.js'
import type { Imported } from './start/imported.js'
import type { ParentPack } from './start/parent-pack.js'

export interface TrainOptions {
  /** A multiple of 8, at most 128. */
  dim: number
  seed: number
  /** What kind of session encoder is trained; by default the one that does best on held-out sessions. */
  encoder?: Kind | 'auto'
  workers: number
  /** k: distinct sessions (people, where known) that everything in the pack rests on. */
  minSessions: number
  /** Columns of the catalogue that are features, beside those that always are. */
  attributes?: readonly string[]
  /** Vectors, and an encoder of that kind, that were trained elsewhere. */
  imported?: Imported
  /** The earlier pack that a warm start continues from. It sets the dimension and the kind of encoder. */
  from?: ParentPack
  /** Where a training is kept that may be killed. */
  checkpoint?: Checkpoint
  signal?: AbortSignal
  /** Asks for the best model that can be had without further training; what it is goes into the lineage. */
  enough?: AbortSignal
  onProgress?(p: { phase: string; done: number; total: number; note?: string }): void
}
