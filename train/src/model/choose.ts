/**
 * Chooses what training itself cannot learn: the kind of encoder, the blend, how far biases lean towards what sells
 * now, and how coarsely vectors may be stored. The choices are made on the latest sessions, which training has not
 * seen.
 *
 * The kinds compete by successive halving (Jamieson, Talwalkar 2016): all kinds are trained on a recent part of the
 * log, the better half on twice as much, and so on. The last one left is trained on the whole log.
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

/**
 * The blend is fitted on at most ASKED predictions, and the figures come from as many others. Fewer than LEAST are too
 * few to choose anything.
 */
const ASKED = 6000
const LEAST = 20
/** Next-item questions that help to choose the lean, together with baskets and returning people. */
const LEANT = 3000
/** Events in the first round. For most shops the first round decides. */
const FIRST_ROUND = 200_000
/**
 * Where the log has returning people, another kind must beat the first kind by this share at next items. The vectors
 * of the first kind serve interests from earlier visits best, and a smaller advantage is within the noise of a shop's
 * figures.
 */
const EVIDENT = 0.02
/**
 * Quantisation steps that are tried, coarsest first, as a share of the typical value in a unit vector (1 / sqrt(dim)).
 * A step may cost at most the share TOLERATED of Recall@20 and of MRR@20. With the finest step in the list, a vector of
 * 64 dimensions takes 28 bytes after compression. A finer one would be chosen only by noise in a small shop's figures.
 */
const STEPS = [0.64, 0.52, 0.44, 0.36]
const FINE = 1 / 127
const TOLERATED = 0.01
/**
 * Values of `Blend.tableDecay` that are tried besides the usual one: each older item of the session counts less by this
 * factor. One of them is taken only if it improves lists by the factor EDGE. It helps in shops where one page leads to
 * the next, because there only the latest item tells what follows.
 */
const DECAYS = [0.4, 0.2]
const EDGE = 1.003
/** Showing newcomers sooner may cost this share of Recall@20 + MRR@20. */
const NEGLIGIBLE = 0.005

export interface Choices {
  kind: Kind
  /** Null if there were too few questions to fit one. */
  blend: Blend | null
  /** How far biases and tables lean towards what sells now. */
  lean: number
  /** For items known by content alone: how far below the mean their bias is set, in logits. */
  below: number
  step: number
  validation: Record<string, number>
  /** The training that the choices were made on. Missing if there were too few questions. */
  first?: Trained
}

export interface ChooseOptions extends Omit<FitOptions, 'onBatch' | 'loop' | 'firstFit'> {
  kind: Kind | 'auto'
  dim: number
  seed: number
  checkpoint: Checkpoint
  onProgress?(p: { phase: string; done: number; total: number; note?: string }): void
}

/** One kind of encoder, trained on a part of the log, with its blend and how well it did. */
interface Trial extends Trained {
  hyper: Hyper
  blend: Blend
  reached: Accuracy
}

/**
 * Makes all choices. With too few questions, they are the usual ones and nothing is trained.
 * @param log sessions to train on
 * @param held later sessions, to choose on
 * @param sets baskets and returning people from the held-out sessions
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
  // The typical size of one value in a unit vector.
  const typical = 1 / Math.sqrt(dim)
  const fine = FINE * (options.imported ? longest(options.imported, dim) : 1)
  // An item that first appears in the held-out sessions would not be in a pack trained on `log`. Devices would skip it,
  // so the questions skip it too.
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
    // A lean changes the tables, so their weights are fitted again.
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
    // All choices are made now. If questions were few, the final blend is fitted on the judging half as well.
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

/** The checkpoint name of the loop that trains this kind on this part of the log. */
function trialOf(kind: Kind, { sessions }: Log): string {
  return `${kind} on ${sessions} sessions`
}

/** The best kind, trained on the whole log, or on a part of it if `enough` came before. */
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

/** The blend with the best table decay. The usual decay stays unless another is better by EDGE. */
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
  /** For next items, returning people and baskets, in this order. */
  quality: number[]
}

/**
 * Chooses the lean with the largest total gain over next items, baskets and next visits, and fits `Blend.even` for it.
 * A lean that costs next items more than TOLERATED is never chosen.
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

/**
 * Chooses how far below the mean the biases of newcomers start. It takes the smallest distance that costs held-out
 * sessions at most NEGLIGIBLE, so that newcomers are shown as early as possible.
 */
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
