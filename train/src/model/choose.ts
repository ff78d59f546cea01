/**
 * What training itself cannot learn is chosen on sessions it has not seen, the latest ones: the kind of encoder, the
 * blend, how far biases lean to what sells now, and how coarse vectors may be.
 *
 * Kinds compete by successive halving (Jamieson, Talwalkar 2016): all are trained on a recent part of the log, the
 * better half on twice as much, until one is left, which is trained on all of it.
 */

import type { Blend } from '../../../worker/rank/blend.js'
import type { ServingModel } from '../../../worker/rank/evidence.js'
import type { Checkpoint } from '../checkpoint/checkpoint.js'
import type { Catalogue } from '../data/catalogue.js'
import type { Hyper } from '../encoders/hyper.js'
import type { Kind } from '../encoders/kind.js'
import { KINDS } from '../encoders/kinds.js'
import { fitBlend, initialBlend } from './blend/fit-blend.js'
import { fitEven } from './blend/fit-even.js'
import { fitPast } from './blend/fit-past.js'
import { type Accuracy, measure } from './blend/measure.js'
import { fit } from './fit/fit.js'
import type { FitOptions, Fitted, Trained } from './fit/fitted.js'
import { BELOW, introducing, USUAL } from './fit/newcomers.js'
import { LEANS, leaning } from './fit/trend.js'
import { type Log, latest, onlyItems } from './log/log.js'
import { type Question, questions } from './log/predictions.js'
import type { SetQuestions } from './log/sets.js'
import { hyperFor } from './optimise/settings.js'
import { assemble } from './result/assemble.js'
import { modelOf } from './result/model-of.js'
import { quantise } from './result/quantise.js'
import { longest } from './start/imported.js'

/** Predictions that the blend is fitted on, and as many that figures come from; fewer than LEAST tell nothing. */
const ASKED = 6000
const LEAST = 20
/** Next items that decide, with baskets and returning people, how far biases lean. */
const LEANT = 3000
/** Events of the first round: most shops are decided in it. */
const FIRST_ROUND = 200_000
/**
 * Where people are known who come back, by how much another kind must be better at next items than the first, whose vectors
 * are the best for what earlier visits left. Less is within the noise of a shop's figures.
 */
const EVIDENT = 0.02
/**
 * Steps that are tried, coarsest first, in parts of a unit vector's typical value; TOLERATED is what one may cost of
 * Recall@20 and of MRR@20. The finest is where vectors of 64 dimensions take 28 bytes after compression; finer ones
 * would be chosen by the noise of a small shop's figures.
 */
const STEPS = [0.64, 0.52, 0.44, 0.36]
const FINE = 1 / 127
const TOLERATED = 0.01
/**
 * How much less each older item may count in the tables besides the usual, where it makes lists better by an EDGE: where one page
 * leads to the next, only the latest tells.
 */
const DECAYS = [0.4, 0.2]
const EDGE = 1.003
/** The share of Recall@20 and MRR@20 that a chance for newcomers may cost. */
const NEGLIGIBLE = 0.005

export interface Choices {
  kind: Kind
  /** Null where there was too little to fit one on. */
  blend: Blend | null
  /** How far biases and tables lean to what sells now. */
  lean: number
  /** How far below the mean the biases of items lie that are known by content alone. */
  below: number
  step: number
  validation: Record<string, number>
  /** What they were made on, where there was enough to ask about. */
  first?: Trained
}

export interface ChooseOptions extends Omit<FitOptions, 'onBatch' | 'loop' | 'firstFit'> {
  kind: Kind | 'auto'
  dim: number
  seed: number
  checkpoint: Checkpoint
  onProgress?(p: { phase: string; done: number; total: number; note?: string }): void
}

/** A kind of encoder, trained on a part of the log. */
interface Trial extends Trained {
  hyper: Hyper
  blend: Blend
  reached: Accuracy
}

/**
 * @param log what is trained on
 * @param held later sessions, which choices are made on
 * @param sets baskets and returning people of these
 */
export async function choose(
  ids: string[],
  catalogue: Catalogue | null,
  log: Log,
  held: Log,
  sets: SetQuestions,
  options: ChooseOptions,
): Promise<Choices> {
  const { dim, signal, minSessions, checkpoint, onProgress } = options
  // Of a unit vector.
  const typical = 1 / Math.sqrt(dim)
  const fine = FINE * (options.imported ? longest(options.imported, dim) : 1)
  // An item that came up later is in no pack of that day: devices leave it out, and so must what the blend learns from.
  const before = new Set(log.rows)
  const isKnown = (row: number) => catalogue !== null || before.has(row) || options.imported?.known[row] === 1
  const known = onlyItems(held, isKnown)
  const learn = questions(known, 0, ASKED)
  const judge = questions(known, 1, ASKED)
  const trials = DECAYS.length + LEANS.length
  let tried = 0
  const choosing = () => onProgress?.({ phase: 'choices', done: tried++, total: trials })
  const kinds = options.kind === 'auto' ? (Object.keys(KINDS) as Kind[]) : [options.kind]
  if (learn.length < LEAST || judge.length < LEAST)
    return {
      kind: kinds[0]!,
      blend: null,
      lean: 0,
      below: USUAL,
      step: STEPS.at(-1)! * typical,
      validation: {},
    }

  const at = async (fitted: Fitted, step: number, blend: Blend) =>
    modelOf(quantise(assemble(ids, fitted, blend, step, minSessions), null))
  const unfitted = ({ tables, repeat }: Fitted, like?: Blend): Blend => {
    const blend = initialBlend(tables.length, repeat)
    return { ...blend, tableDecay: like?.tableDecay ?? blend.tableDecay }
  }
  const train = async (kind: Kind, part: Log): Promise<Trial> => {
    const hyper = hyperFor(kind, part.rows.length, part.items, dim, options.seed)
    const phase = kinds.length > 1 ? `validation of ${kind}` : 'validation'
    const fitted = await fit(part, catalogue, hyper, {
      ...options,
      loop: checkpoint.loop(trialOf(kind, part)),
      onBatch: (done, total, loss) => onProgress?.({ phase, done, total, note: `loss ${loss.toFixed(3)}` }),
    })
    const judged = await checkpoint.step(`judgement of ${trialOf(kind, part)}`, async () => {
      const blend = await fitBlend(await at(fitted, fine, unfitted(fitted)), learn, signal)
      return { blend, reached: await measure(await at(fitted, fine, blend), judge, signal) }
    })
    return { hyper, fitted, log: part, ...judged }
  }
  const margin = sets.returns.length > 0 ? EVIDENT : 0
  const { hyper, reached, blend: usual, ...first } = await halve(kinds, log, train, margin, options)
  const sequential = await checkpoint.step('decay', () =>
    fitDecay(usual, reached, async (blend) => {
      choosing()
      const like = unfitted(first.fitted, blend)
      const fitted = await fitBlend(await at(first.fitted, fine, like), learn, signal)
      return { blend: fitted, reached: await measure(await at(first.fitted, fine, fitted), judge, signal) }
    }),
  )

  const towards = (lean: number) => leaning(first, minSessions, lean, signal)
  const chosen = await checkpoint.step('choices', async () => {
    const { lean, even } = await chooseLean(
      async (lean) => {
        choosing()
        return at(await towards(lean), fine, sequential)
      },
      learn,
      sets,
      signal,
    )
    const now = await towards(lean)
    // Other tables are worth another weight.
    const again =
      lean === 0 ? sequential : await fitBlend(await at(now, fine, unfitted(now, sequential)), learn, signal)
    const blend = { ...again, even }
    const below = await chooseBelow(now, (fitted) => at(fitted, fine, blend), learn.slice(0, LEANT), signal)
    const leant = introducing(now, below)
    const finest = await measure(await at(leant, fine, blend), judge, signal)

    const progress = (done: number) => onProgress?.({ phase: 'quantisation', done, total: STEPS.length })
    let step = fine
    let reached = finest
    for (const [tried, coarse] of STEPS.entries()) {
      progress(tried)
      step = coarse * typical
      reached = await measure(await at(leant, step, blend), judge, signal)
      if (atLeast(reached, finest, 1 - TOLERATED)) break
    }
    progress(STEPS.length)
    const { recall20, mrr20 } = reached
    // All choices are made: where there was little to learn from, the blend has what they were judged by, too.
    const few = learn.length + judge.length <= ASKED
    const last = few
      ? await fitBlend(await at(leant, fine, unfitted(leant, blend)), [...learn, ...judge], signal)
      : blend
    const revisits = sets.returns.map(({ interests, steps }) => ({
      interests: interests.filter(({ row }) => isKnown(row)),
      steps: steps.filter(({ row }) => isKnown(row)),
    }))
    const past = await fitPast(await at(leant, step, { ...last, even }), revisits, signal)
    const validation = {
      ...{ recall20, mrr20, mrr20Unquantised: finest.mrr20, predictions: judge.length },
      ...past.quality,
    }
    return { blend: { ...last, even, buckets: past.buckets }, lean, below, step, validation }
  })
  return { kind: hyper.encoder, ...chosen, first }
}

/** What the loop that trains a kind on a part of the log is called. */
function trialOf(kind: Kind, { sessions }: Log): string {
  return `${kind} on ${sessions} sessions`
}

/** The best of the kinds, trained on the whole log unless that is enough before. */
async function halve(
  kinds: Kind[],
  log: Log,
  train: (kind: Kind, part: Log) => Promise<Trial>,
  margin: number,
  { enough, checkpoint }: Pick<ChooseOptions, 'enough' | 'checkpoint'>,
): Promise<Trial> {
  const compete = async (left: Kind[], part: Log) => {
    const trials: Trial[] = []
    for (const kind of left) if (trials.length === 0 || !enough?.aborted) trials.push(await train(kind, part))
    const standing = ({ hyper, reached }: Trial) =>
      worth(reached) * (hyper.encoder === kinds[0] ? 1 + margin : 1)
    return trials.sort((a, b) => standing(b) - standing(a))
  }
  for (let events = FIRST_ROUND, left = kinds; ; events *= 2) {
    const part = left.length > 1 ? latest(log, events) : log
    if (part === log) return (await compete(left, part))[0]!
    let best: Trial | undefined
    const better = await checkpoint.step(`best on ${part.sessions} sessions`, async () => {
      const trials = await compete(left, part)
      best = trials[0]
      return trials.slice(0, Math.ceil(trials.length / 2)).map(({ hyper }) => hyper.encoder)
    })
    if (best && enough?.aborted) return best
    checkpoint.drop(left.map((kind) => trialOf(kind, part)))
    left = better
  }
}

/** The blend with the decay that serves best, where that is evident. */
async function fitDecay(
  usual: Blend,
  reached: Accuracy,
  fitted: (blend: Blend) => Promise<{ blend: Blend; reached: Accuracy }>,
): Promise<Blend> {
  let best = { blend: usual, worth: EDGE * worth(reached) }
  for (const tableDecay of DECAYS) {
    const { blend, reached } = await fitted({ ...usual, tableDecay })
    if (worth(reached) > best.worth) best = { blend, worth: worth(reached) }
  }
  return best.blend
}

interface Leant {
  lean: number
  even: NonNullable<Blend['even']>
  /** Of next items, of returning people, of baskets. */
  quality: number[]
}

/**
 * The lean by which next items, baskets and next visits gain most together, and the blend of the last two with it. None
 * that costs next items more than what is tolerated.
 */
async function chooseLean(
  at: (lean: number) => Promise<ServingModel>,
  learn: readonly Question[],
  sets: SetQuestions,
  signal?: AbortSignal,
): Promise<Leant> {
  const asked = learn.slice(0, LEANT)
  const tried: Leant[] = []
  for (const lean of LEANS) {
    const model = await at(lean)
    const { even, quality } = await fitEven(model, sets, tried[0]?.even, signal)
    tried.push({ lean, even, quality: [worth(await measure(model, asked, signal)), ...quality] })
  }
  const first = tried[0]!.quality
  const gain = ({ quality }: Leant) =>
    quality.reduce((sum, value, task) => sum + (first[task]! > 0 ? value / first[task]! : 0), 0)
  const sound = tried.filter(({ quality }) => quality[0]! >= (1 - TOLERATED) * first[0]!)
  return sound.reduce((best, other) => (gain(other) > gain(best) ? other : best))
}

/** How soon newcomers are shown: as soon as costs held-out sessions, where some of them may be chosen, next to nothing. */
async function chooseBelow(
  fitted: Fitted,
  at: (fitted: Fitted) => Promise<ServingModel>,
  asked: readonly Question[],
  signal?: AbortSignal,
): Promise<number> {
  if (!fitted.newcomers.includes(1)) return USUAL
  const tried: { below: number; reached: Accuracy }[] = []
  for (const below of BELOW)
    tried.push({ below, reached: await measure(await at(introducing(fitted, below)), asked, signal) })
  const most = Math.max(...tried.map(({ reached }) => worth(reached)))
  return tried.find(({ reached }) => worth(reached) >= (1 - NEGLIGIBLE) * most)!.below
}

function worth({ recall20, mrr20 }: Accuracy): number {
  return recall20 + mrr20
}

function atLeast(reached: Accuracy, best: Accuracy, share: number): boolean {
  return reached.mrr20 >= share * best.mrr20 && reached.recall20 >= share * best.recall20
}
