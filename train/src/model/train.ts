/**
 * From a shop's sessions to a model. Everything is trained on the first 95 % of sessions, the blend and the coarseness
 * of the vectors are chosen on the last 5 %, then everything but these is trained again on all of them.
 */
import type { Blend } from '../../../worker/rank/blend.js'
import type { Model as Serving } from '../../../worker/rank/evidence.js'
import type { Catalogue } from '../data/catalogue.js'
import type { Interactions } from '../data/interactions.js'
import { furthest } from './cut-short.js'
import { type Fitted, fit } from './fit.js'
import { fitBlend, initialBlend } from './fit-blend.js'
import { fitEven } from './fit-even.js'
import type { Given } from './given.js'
import { type Hyper, hyperFor } from './hyper.js'
import type { Kind } from './kinds.js'
import { type Log, positiveLog, sliceLog } from './log.js'
import { measure } from './measure.js'
import type { Model } from './model.js'
import { type Question, questions } from './predictions.js'
import { quantise } from './quantise.js'
import { serving } from './serve.js'
import { type SetQuestions, setQuestions } from './sets.js'
import { LEANS, trendOf } from './trend.js'

/** Share of sessions, the latest, that choices are made on. */
const HELD_OUT = 0.05
/** Predictions that the blend is fitted on, and as many that figures come from. */
const ASKED = 6000
/** Baskets, and visits of people who came back, that the blend for what has no order is fitted on. */
const SETS = 400
/** Next items that decide, with these, how far biases lean. */
const LEANT = 3000
/**
 * Steps that are tried, coarsest first, in parts of a unit vector's typical value; TOLERATED is what one may cost of
 * Recall@20 and of MRR@20. The finest is where vectors of 64 dimensions take 28 bytes after compression; finer ones
 * would be chosen by the noise of a small shop's figures.
 */
const STEPS = [0.64, 0.52, 0.44, 0.36]
const FINE = 1 / 127
const TOLERATED = 0.01

export interface TrainOptions {
  /** A multiple of 8, at most 128. */
  dim: number
  seed: number
  /** What kind of session encoder is trained. */
  encoder?: Kind
  workers: number
  /** k: distinct sessions (people, where known) that everything in the pack rests on. */
  minSessions: number
  /** Vectors, and an encoder of that kind, that were trained elsewhere. */
  given?: Given
  signal?: AbortSignal
  /** Asks for the best model that can be had without further training; what it is goes into the lineage. */
  enough?: AbortSignal
  onProgress?(p: { phase: string; done: number; total: number; note?: string }): void
}

/**
 * @throws {RangeError} for a dimension that kernels cannot have, or when training would not fit into memory
 * @throws the signal's reason when it is aborted
 */
export async function trainModel(
  data: Interactions,
  catalogue: Catalogue | null,
  options: TrainOptions,
): Promise<Model> {
  const { dim, seed, minSessions, signal, enough } = options
  if (!(dim >= 8 && dim <= 128 && dim % 8 === 0)) {
    throw new RangeError(`A dimension of ${dim} cannot be trained: use a multiple of 8 from 8 to 128.`)
  }
  const log = positiveLog(data)
  const hyper = hyperFor(options.encoder ?? 'attention', log.rows.length, dim, seed)

  const cut = Math.ceil(log.sessions * (1 - HELD_OUT))
  const held = sliceLog(log, cut, log.sessions)
  const sets = setQuestions(data, HELD_OUT, SETS, seed)
  const part = sliceLog(log, 0, cut)
  const choices = await choose(data.ids, catalogue, part, held, sets, hyper, options)
  signal?.throwIfAborted()

  const first = choices.fitted && { fitted: choices.fitted, log: part }
  const whole =
    first && enough?.aborted
      ? null
      : { fitted: await fit(log, catalogue, hyper, withProgress('training', options)), log }
  const { trained, cutShort } = furthest(first, whole)
  const leaning = leant(trained.fitted, trained.log, minSessions)(choices.lean)
  const lineage = lineageOf(data, trained.log, seed, choices.validation)
  return assemble(data.ids, leaning, choices, dim, minSessions, { ...lineage, ...(cutShort && { cutShort }) })
}

interface Choices {
  blend: Blend | null
  /** How far biases lean to what sells now. */
  lean: number
  step: number
  validation: Record<string, number>
  /** What they were made on, where there was enough to ask about. */
  fitted?: Fitted
}

async function choose(
  ids: string[],
  catalogue: Catalogue | null,
  log: Log,
  held: Log,
  sets: SetQuestions,
  hyper: Hyper,
  options: TrainOptions,
): Promise<Choices> {
  const { signal, minSessions, onProgress } = options
  // Of a unit vector.
  const typical = 1 / Math.sqrt(hyper.dim)
  const learn = questions(held, 0, ASKED)
  const judge = questions(held, 1, ASKED)
  if (learn.length < 20 || judge.length < 20)
    return { blend: null, lean: 0, step: STEPS.at(-1)! * typical, validation: {} }
  const fitted = await fit(log, catalogue, hyper, withProgress('validation', options))
  const progress = (done: number) => onProgress?.({ phase: 'blend', done, total: 3 })
  progress(0)
  const towards = leant(fitted, log, minSessions)
  const at = async (step: number, blend: Blend | null, lean: number) => {
    return serving(
      quantise(assemble(ids, towards(lean), { blend, step }, hyper.dim, minSessions, null), null),
    )
  }
  const sequential = await fitBlend(await at(FINE, null, 0), learn, signal)
  progress(1)
  const { lean, even } = await chooseLean((lean) => at(FINE, sequential, lean), learn, sets, signal)
  const blend = { ...sequential, even }
  const best = await measure(await at(FINE, blend, lean), judge, signal)
  progress(2)
  let step = FINE
  let reached = best
  for (const coarse of STEPS) {
    step = coarse * typical
    reached = await measure(await at(step, blend, lean), judge, signal)
    const least = 1 - TOLERATED
    if (reached.mrr20 >= least * best.mrr20 && reached.recall20 >= least * best.recall20) break
  }
  progress(3)
  return {
    blend,
    lean,
    step,
    validation: {
      recall20: reached.recall20,
      mrr20: reached.mrr20,
      mrr20Unquantised: best.mrr20,
      predictions: judge.length,
    },
    fitted,
  }
}

/** Biases that lean to what sells now, as far as asked. */
function leant(fitted: Fitted, log: Log, minSessions: number): (lean: number) => Fitted {
  const trend = trendOf(log, fitted.support, minSessions)
  return (lean) => ({ ...fitted, bias: fitted.bias.map((value, row) => value + lean * trend[row]!) })
}

/** The lean by which next items, baskets and next visits gain most together, and the blend of the last two with it. */
async function chooseLean(
  at: (lean: number) => Promise<Serving>,
  learn: readonly Question[],
  sets: SetQuestions,
  signal?: AbortSignal,
): Promise<{ lean: number; even: NonNullable<Blend['even']> }> {
  const asked = learn.slice(0, LEANT)
  const tried: { lean: number; even: NonNullable<Blend['even']>; quality: number[] }[] = []
  for (const lean of LEANS) {
    const model = await at(lean)
    const { recall20, mrr20 } = await measure(model, asked, signal)
    const { even, quality } = await fitEven(model, sets, tried[0]?.even, signal)
    tried.push({ lean, even, quality: [recall20 + mrr20, ...quality] })
  }
  const first = tried[0]!.quality
  const gain = ({ quality }: (typeof tried)[number]) =>
    quality.reduce((sum, value, task) => sum + (first[task]! > 0 ? value / first[task]! : 0), 0)
  return tried.reduce((best, other) => (gain(other) > gain(best) ? other : best))
}

function withProgress(phase: string, options: TrainOptions) {
  const { workers, minSessions, given, signal, enough, onProgress } = options
  return {
    workers,
    minSessions,
    given,
    signal,
    enough,
    onBatch: (done: number, total: number, loss: number) =>
      onProgress?.({ phase, done, total, note: `loss ${loss.toFixed(3)}` }),
  }
}

function assemble(
  ids: string[],
  fitted: Fitted,
  { blend, step }: Pick<Choices, 'blend' | 'step'>,
  dim: number,
  minSessions: number,
  lineage: Model['lineage'] | null,
): Model {
  return {
    dim,
    ids,
    vectors: fitted.vectors,
    bias: fitted.bias,
    hidden: fitted.hidden,
    popularity: fitted.support.popularity,
    tables: fitted.tables,
    encoder: fitted.encoder,
    blend: blend ?? initialBlend(fitted.tables.length, fitted.repeat),
    step,
    minSessions,
    lineage: lineage ?? {
      events: 0,
      sessions: 0,
      items: ids.length,
      from: null,
      to: null,
      time: 'order',
      seed: 0,
      parent: null,
      validation: {},
    },
  }
}

function lineageOf(
  data: Interactions,
  log: Log,
  seed: number,
  validation: Record<string, number>,
): Model['lineage'] {
  let first = Infinity
  let last = -Infinity
  for (const time of data.times) first = Math.min(first, time)
  for (const time of log.ends) last = Math.max(last, time)
  const day = (time: number) =>
    data.time === 'order' || !Number.isFinite(time) ? null : new Date(time * 1000).toISOString().slice(0, 10)
  return {
    events: log.rows.length,
    sessions: log.sessions,
    items: data.ids.length,
    from: day(first),
    to: day(last),
    time: data.time,
    seed,
    parent: null,
    validation,
  }
}
