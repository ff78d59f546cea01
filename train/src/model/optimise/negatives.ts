/**
 * The shared negatives of a batch. Items are drawn with replacement, with a chance proportional to count^smoothing.
 * Each drawn item counts once, weighted by the inverse of its chance to be drawn at all (Horvitz, Thompson 1952), so
 * the estimate of the softmax denominator is unbiased. If the whole catalogue fits, it is used whole and nothing is
 * estimated.
 */
import type { Random } from '../../maths/random.js'

export interface Negatives {
  /** The largest number of tokens that a draw can give. */
  readonly most: number
  /** Writes distinct tokens and the logit correction of each. Returns how many there are. */
  draw(uniform: Random, tokens: Int32Array, correction: Float32Array): number
}

/**
 * @param counts how often each token is a target; tokens with count 0 are never drawn
 * @param draws draws for each batch
 * @param fullSoftmax catalogues of at most this many items (or `draws`, if larger) are used whole
 */
export function negatives(
  counts: ArrayLike<number>,
  draws: number,
  fullSoftmax: number,
  smoothing: number,
): Negatives {
  const live: number[] = []
  for (let i = 0; i < counts.length; i++) if (counts[i]! > 0) live.push(i)
  return live.length <= Math.max(draws, fullSoftmax)
    ? whole(Int32Array.from(live))
    : sampled(Int32Array.from(live), counts, draws, smoothing)
}

function whole(live: Int32Array): Negatives {
  return {
    most: live.length,
    draw(_, tokens, correction) {
      tokens.set(live)
      correction.fill(0, 0, live.length)
      return live.length
    },
  }
}

function sampled(live: Int32Array, counts: ArrayLike<number>, draws: number, smoothing: number): Negatives {
  const n = live.length
  const weights = Float64Array.from(live, (token) => counts[token]! ** smoothing)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const corrections = new Float32Array(n)
  for (let i = 0; i < n; i++) {
    corrections[i] = -Math.log(-Math.expm1(draws * Math.log1p(-weights[i]! / total)))
  }
  // Walker's alias method: each draw needs a single uniform number.
  const keep = new Float32Array(n).fill(1)
  const alias = new Int32Array(n)
  const share = weights.map((weight) => (weight * n) / total)
  const small: number[] = []
  const large: number[] = []
  for (let i = 0; i < n; i++) (share[i]! < 1 ? small : large).push(i)
  while (small.length > 0 && large.length > 0) {
    const less = small.pop()!
    const more = large.at(-1)!
    keep[less] = share[less]!
    alias[less] = more
    share[more]! -= 1 - share[less]!
    if (share[more]! < 1) small.push(large.pop()!)
  }
  const seen = new Uint32Array(n)
  let round = 0
  return {
    most: draws,
    draw(uniform, tokens, correction) {
      round++
      let count = 0
      for (let i = 0; i < draws; i++) {
        const x = uniform() * n
        const cell = Math.floor(x)
        const chosen = x - cell < keep[cell]! ? cell : alias[cell]!
        if (seen[chosen] === round) continue
        seen[chosen] = round
        tokens[count] = live[chosen]!
        correction[count++] = corrections[chosen]!
      }
      return count
    },
  }
}
