/** The scorer in plain JavaScript, for browsers without WebAssembly SIMD and pages whose CSP forbids compilation. */
import { EXCLUDED, MAX_K, NEVER, type Scorer } from './scorer.js'

/**
 * @param codes Int8Array of n*dim, row-major; kept, not copied
 * @param bias Int8Array of n; kept, not copied
 */
export function openJs(codes: Int8Array, bias: Int8Array, dim: number): Scorer {
  const n = bias.length

  /** `| 0` after every step keeps the engine in 32-bit integers; nothing can overflow (see scorer.ts). */
  function scoreOf(query: Int16Array, biasMultiplier: number, row: number): number {
    let sum = (bias[row]! * biasMultiplier) | 0
    const first = row * dim
    for (let d = 0; d < dim; d++) sum = (sum + codes[first + d]! * query[d]!) | 0
    return sum
  }

  return {
    backend: 'js',
    codes,
    topK(query, biasMultiplier, k) {
      const count = Math.min(k, n)
      if (count > MAX_K) throw new RangeError(`top ${k} asked for, at most ${MAX_K} are possible`)
      const rows = new Uint32Array(count)
      const scores = new Int32Array(count)
      let found = 0
      // Rows rise, so an equal score that comes later never moves an earlier one.
      let threshold = count > 0 ? NEVER : Infinity
      for (let row = 0; row < n; row++) {
        if (bias[row] === EXCLUDED) continue
        const score = scoreOf(query, biasMultiplier, row)
        if (score <= threshold) continue
        let place = found
        while (place > 0 && scores[place - 1]! < score) place--
        rows.copyWithin(place + 1, place)
        scores.copyWithin(place + 1, place)
        rows[place] = row
        scores[place] = score
        if (found < count) found++
        if (found === count) threshold = scores[count - 1]!
      }
      return { rows: rows.slice(0, found), scores: scores.slice(0, found) }
    },
    score: (query, biasMultiplier, rows) =>
      Int32Array.from(rows, (row) =>
        row >= n || bias[row] === EXCLUDED ? NEVER : scoreOf(query, biasMultiplier, row),
      ),
  }
}
