/**
 * Confidence intervals by the cluster bootstrap. It draws sessions with replacement, not predictions, because the
 * predictions of one session are correlated. All series are measured on the same draws, so that the difference of two
 * is paired.
 */
import { random } from '../../maths/random.js'

/** Lower and upper end. */
export type Interval = [number, number]

const DRAWS = 1000

/**
 * 95 % intervals of the means of several series, each with one value per prediction.
 * @param sessionOf session of each prediction, ascending from 0
 */
export function intervals(series: readonly Float64Array[], sessionOf: Uint32Array, seed: number): Interval[] {
  const sessions = sessionOf.length > 0 ? sessionOf[sessionOf.length - 1]! + 1 : 0
  const counts = new Float64Array(sessions)
  const sums = series.map(() => new Float64Array(sessions))
  for (let p = 0; p < sessionOf.length; p++) {
    const session = sessionOf[p]!
    counts[session] = counts[session]! + 1
    for (let s = 0; s < series.length; s++) sums[s]![session] = sums[s]![session]! + series[s]![p]!
  }
  const uniform = random(seed, 0xb007)
  const means = series.map(() => new Float64Array(DRAWS))
  const drawn = new Uint32Array(sessions)
  for (let draw = 0; draw < DRAWS; draw++) {
    drawn.fill(0)
    for (let i = 0; i < sessions; i++) {
      const session = Math.floor(uniform() * sessions)
      drawn[session] = drawn[session]! + 1
    }
    const total = dot(drawn, counts)
    for (let s = 0; s < series.length; s++) {
      means[s]![draw] = total > 0 ? dot(drawn, sums[s]!) / total : 0
    }
  }
  return means.map((values) => {
    values.sort()
    return [values[Math.floor(0.025 * DRAWS)]!, values[Math.ceil(0.975 * DRAWS) - 1]!]
  })
}

function dot(drawn: Uint32Array, values: Float64Array): number {
  let sum = 0
  for (let i = 0; i < drawn.length; i++) sum += drawn[i]! * values[i]!
  return sum
}
