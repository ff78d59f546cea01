/** The options of a training. */
import type { Checkpoint } from '../checkpoint/checkpoint.js'
import type { Kind } from '../encoders/kind.js'
import type { PackContent } from '../pack/content.js'
import type { Imported } from './start/imported.js'
import type { ParentPack } from './start/parent-pack.js'

export interface TrainOptions {
  /** A multiple of 8, at most 128. */
  dim: number
  seed: number
  /** The kind of session encoder to train. By default the one that does best on held-out sessions. */
  encoder?: Kind | 'auto'
  workers: number
  /** k: everything in the pack must rest on at least this many distinct sessions (people, where they are known). */
  minSessions: number
  /** Catalogue columns to use as features, besides the standard ones. */
  attributes?: readonly string[]
  /** Vectors, and possibly an encoder, that were trained elsewhere. */
  imported?: Imported
  /** The earlier pack that a warm start continues from. It sets the dimension and the kind of encoder. */
  from?: ParentPack
  /** Saves the state of the training, so that it can continue after it was killed. */
  checkpoint?: Checkpoint
  /**
   * Asked for a second stage once there is a model that has not learned from the latest sessions.
   * @param early that model as a pack, without facts
   * @param heldOut how many of the last sessions with positive events it has not learned from
   */
  secondStage?(early: PackContent, heldOut: number): Promise<{ weights?: number[]; similar?: number }>
  signal?: AbortSignal
  /** When aborted, training ends early with the best model so far. The lineage says how far it came. */
  enough?: AbortSignal
  onProgress?(p: { phase: string; done: number; total: number; note?: string }): void
}
