/**
 * Trains a model from a shop's sessions. A first training uses the first 95 % of sessions, and choices are made on the
 * last 5 % (`choose.ts`; a small shop holds out more). Then the model is trained on all sessions with these choices.
 */

import { NO_CHECKPOINT } from '../checkpoint/checkpoint.js'
import type { Catalogue } from '../data/catalogue.js'
import type { Interactions } from '../data/interactions.js'
import { choose } from './choose.js'
import { furthest } from './fit/cut-short.js'
import { fit } from './fit/fit.js'
import { introducing } from './fit/newcomers.js'
import { leaning } from './fit/trend.js'
import { type Log, positiveLog, sliceLog } from './log/log.js'
import { setQuestions } from './log/sets.js'
import { hyperFor, hyperOnwards } from './optimise/settings.js'
import type { TrainOptions } from './options.js'
import { assemble, lineageOf } from './result/assemble.js'
import { quantise } from './result/quantise.js'
import type { TrainedModel } from './result/trained-model.js'
import { warmStart } from './warm-start.js'

/**
 * The share of latest sessions to choose on: the first value that gives at least TOLD next items to ask about. In a
 * shop of a few hundred sessions, 5 % would give too few. A blend that cannot be fitted costs far more than training
 * the first model on slightly fewer sessions.
 */
const HELD_OUT = [0.05, 0.1, 0.2, 0.3]
const TOLD = 80
/** Most baskets and most visits of returning people that `Blend.even` is fitted on. */
const SETS = { sets: 1000, returns: 400 }

/**
 * Trains a model on a shop's log. With `options.from` it is a warm start.
 * @throws {RangeError} for a dimension that the kernels do not support, or when training would not fit into memory
 * @throws the signal's reason when it is aborted
 */
export async function trainModel(
  data: Interactions,
  catalogue: Catalogue | null,
  options: TrainOptions,
): Promise<TrainedModel> {
  const { dim, seed, minSessions, signal, enough, encoder = 'auto', onProgress } = options
  const { checkpoint = NO_CHECKPOINT } = options
  if (!(dim >= 8 && dim <= 128 && dim % 8 === 0)) {
    throw new RangeError(`A dimension of ${dim} cannot be trained: use a multiple of 8 from 8 to 128.`)
  }
  if (options.from) return warmStart(data, catalogue, options.from, options)
  const log = positiveLog(data)
  const heldOut = heldOutOf(log)
  const cut = cutAt(log, heldOut)
  const { first, kind, blend, lean, below, step, validation } = await choose(
    data.ids,
    catalogue,
    sliceLog(log, 0, cut),
    sliceLog(log, cut, log.sessions),
    setQuestions(data, heldOut, SETS, seed),
    { ...options, kind: encoder, checkpoint },
  )
  signal?.throwIfAborted()

  const stage =
    first && blend && options.secondStage
      ? await options.secondStage(
          quantise(
            assemble(
              data.ids,
              introducing(await leaning(first, minSessions, lean, signal), below),
              blend,
              step,
              minSessions,
            ),
            null,
          ),
          log.sessions - cut,
        )
      : undefined

  const onBatch = (done: number, total: number, loss: number) =>
    onProgress?.({ phase: 'training', done, total, note: `loss ${loss.toFixed(3)}` })
  const hyper = hyperFor(kind, log.rows.length, log.items, dim, seed)
  const onwards = first && hyperOnwards(hyper, log.rows.length)
  const firstFit = onwards ? first.fitted : undefined
  const whole =
    first && enough?.aborted
      ? null
      : {
          fitted: await fit(log, catalogue, onwards ?? hyper, {
            ...options,
            firstFit,
            loop: checkpoint.loop('training'),
            onBatch,
          }),
          log,
        }
  const { trained, cutShort } = furthest(first, whole)
  const leant = introducing(await leaning(trained, minSessions, lean, signal), below)
  const lineage = lineageOf(data, trained.log, seed, validation)
  const model = assemble(data.ids, leant, blend, step, minSessions, {
    ...lineage,
    lean,
    ...(cutShort && { cutShort }),
  })
  const { weights, similar } = stage ?? {}
  return { ...model, ...(weights && { stage: Float32Array.from(weights) }), ...(similar && { similar }) }
}

/** The index of the first held-out session. */
function cutAt(log: Log, heldOut: number): number {
  return Math.ceil(log.sessions * (1 - heldOut))
}

function heldOutOf(log: Log): number {
  const told = (share: number) => {
    const cut = cutAt(log, share)
    return log.rows.length - log.offsets[cut]! - (log.sessions - cut)
  }
  return HELD_OUT.find((share) => told(share) >= TOLD) ?? HELD_OUT.at(-1)!
}
