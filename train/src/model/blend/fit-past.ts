/**
 * Fits how much earlier visits count once a new visit has begun. There are two numbers for each bucket of session
 * lengths: the share of earlier visits in the query (`profile`), and how much likelier their items are to be chosen
 * again (`again`). The questions are held-out visits of returning people, asked step by step. Few values are worth
 * trying, so all pairs are tried. A bucket with few questions also listens to the other buckets.
 */
import { type Blend, BUCKETS, bucketOf, power } from '../../../../worker/rank/blend.js'
import { gather, type Interest, type ServingModel } from '../../../../worker/rank/evidence.js'
import { relevance } from '../../../../worker/rank/relevance.js'
import type { Step } from '../../../../worker/session/encoder.js'
import { Breath } from '../../running/breath.js'
import { foundBy } from './candidates.js'

/** Values of `BlendWeights.profile` and `BlendWeights.again` that are tried. */
const PROFILES = [0, 0.1, 0.2, 0.35, 0.5, 0.7]
const AGAIN = [0, 1, 3, 10, 30, 100]
const SETTINGS = PROFILES.flatMap((profile) => AGAIN.map((again) => ({ profile, again })))
/** Most questions, evenly spread. Fewer than FEWEST are too few to fit anything. */
const ASKED = 1500
const FEWEST = 100
/** In each bucket, the mean over all buckets counts as much as this many questions. */
const PRIOR = 300
/** Length of the lists that are judged. */
const K = 20

/** A visit of a person who has visited before. */
export interface Revisit {
  /** Interests from earlier visits. */
  interests: readonly Interest[]
  steps: readonly Step[]
}

export interface PastFit {
  /** The blend's buckets with the fitted numbers. Unchanged if there are too few questions. */
  buckets: Blend['buckets']
  /**
   * Measured on each half of the visits, with the numbers fitted on the other half. `recall20Forgotten` is the recall
   * when earlier visits are ignored.
   */
  quality: Record<string, number>
}

/** @param model with the blend that will be served, including `Blend.even` */
export async function fitPast(
  model: ServingModel,
  revisits: readonly Revisit[],
  signal?: AbortSignal,
): Promise<PastFit> {
  const { buckets } = model.blend
  const all = revisits.flatMap(({ interests, steps }, visit) =>
    steps.slice(1).map(({ row }, i) => ({ visit, interests, steps: steps.slice(0, i + 1), target: row })),
  )
  const stride = Math.max(1, Math.ceil(all.length / ASKED))
  const asked = all.filter((_, i) => i % stride === 0)
  if (asked.length < FEWEST) return { buckets, quality: {} }

  const breath = new Breath(signal)
  const ranks = asked.map(() => new Uint16Array(SETTINGS.length))
  for (const [p, profile] of PROFILES.entries()) {
    const served = withPast(model, () => ({ profile, again: 1 }))
    for (const [q, { steps, interests, target }] of asked.entries()) {
      ranks[q]!.set(ranksOf(served, steps, interests, target), p * AGAIN.length)
      if (breath.due()) await breath.take()
    }
  }
  const questions = asked.map(({ visit, steps }, q) => ({
    visit,
    bucket: bucketOf(steps.length),
    ranks: ranks[q]!,
  }))
  const chosen = choose(questions)
  return {
    buckets: withPast(model, (bucket) => SETTINGS[chosen[bucket]!]!).blend.buckets,
    quality: crossed(questions),
  }
}

interface Ranked {
  visit: number
  bucket: number
  /** Rank of the target for each setting; 0 if it is not in the list. */
  ranks: Uint16Array
}

/** The best setting for each bucket. Among equals, the first one, which counts the past least. */
function choose(questions: readonly Ranked[]): number[] {
  const sums = Array.from({ length: BUCKETS }, () => new Float64Array(SETTINGS.length))
  const counts = new Float64Array(BUCKETS)
  for (const { bucket, ranks } of questions) {
    counts[bucket]!++
    for (const [s, rank] of ranks.entries()) if (rank > 0) sums[bucket]![s]! += 1 + 1 / rank
  }
  const mean = SETTINGS.map(
    (_, s) => sums.reduce((sum, of) => sum + of[s]!, 0) / Math.max(1, questions.length),
  )
  return sums.map((of, bucket) => {
    const worth = mean.map((all, s) => (of[s]! + PRIOR * all) / (counts[bucket]! + PRIOR))
    return worth.indexOf(Math.max(...worth))
  })
}

/** Cross-validation: fits on every other visit and judges on the rest, both ways round. */
function crossed(questions: readonly Ranked[]): Record<string, number> {
  let found = 0
  let reciprocal = 0
  let forgotten = 0
  for (const half of [0, 1]) {
    const chosen = choose(questions.filter(({ visit }) => visit % 2 !== half))
    for (const { visit, bucket, ranks } of questions) {
      if (visit % 2 !== half) continue
      const rank = ranks[chosen[bucket]!]!
      if (rank > 0) {
        found++
        reciprocal += 1 / rank
      }
      // The first setting ignores the past: profile 0, again 0.
      if (ranks[0]! > 0) forgotten++
    }
  }
  const n = questions.length
  return {
    recall20Returning: found / n,
    mrr20Returning: reciprocal / n,
    recall20Forgotten: forgotten / n,
    predictionsReturning: n,
  }
}

/** Rank of the target for each value of AGAIN; 0 if it is not among the best 20. Ties count against the target. */
function ranksOf(
  model: ServingModel,
  steps: readonly Step[],
  interests: readonly Interest[],
  target: number,
): number[] {
  const evidence = gather(model, steps, interests)
  const rows = Uint32Array.from(foundBy(evidence))
  const at = rows.indexOf(target)
  if (at < 0) return AGAIN.map(() => 0)
  const exponent = model.blend.even?.[0].againExponent ?? 1
  const session = new Set(steps.map(({ row }) => row))
  const strengths = new Map(interests.map(({ row, strength }) => [row, power(strength, exponent)]))
  const strength = Float64Array.from(rows, (row) => (session.has(row) ? 0 : (strengths.get(row) ?? 0)))
  // `model` has again = 1. Dividing by its factor 1 + strength lets each value of AGAIN put in its own factor.
  const base = relevance(model, evidence, rows).map((value, i) => value / (1 + strength[i]!))
  return AGAIN.map((again) => {
    const value = (i: number) => base[i]! * (1 + again * strength[i]!)
    const own = value(at)
    if (!(own > 0)) return 0
    let rank = 0
    for (let i = 0; i < rows.length; i++) if (value(i) >= own) rank++
    return rank <= K ? rank : 0
  })
}

function withPast(
  model: ServingModel,
  of: (bucket: number) => { profile: number; again: number },
): ServingModel {
  const buckets = model.blend.buckets.map((weights, bucket) => ({ ...weights, ...of(bucket) }))
  return { ...model, blend: { ...model.blend, buckets } }
}
