/**
 * Probabilities of drawing without replacement, each time in proportion to the weights of what is left (Plackett-Luce).
 *
 * The order of the draws is that of independent exponential arrivals whose rates are the weights. So an item comes at a place
 * if as many others have arrived before it:
 *
 *     P(i at place r) = integral over t of  w_i exp(-w_i t) * P(r of the others arrive before t)
 *
 * The integral is taken over ln(t), where the trapezoid rule is exact to far more digits than are logged.
 */

const FROM = -18
const TO = 12
const STEP = 1 / 8

/**
 * @param weights positive, with the sum 1
 * @param place counted from 0
 */
export function placeProbability(weights: Float64Array, i: number, place: number): number {
  if (place === 0) return weights[i]!
  const own = weights[i]!
  const arrived = new Float64Array(place + 1)
  let sum = 0
  for (let y = FROM; y <= TO; y += STEP) {
    const t = Math.exp(y)
    arrived.fill(0)
    arrived[0] = 1
    for (let j = 0; j < weights.length; j++) {
      if (j === i) continue
      const late = Math.exp(-weights[j]! * t)
      for (let n = place; n > 0; n--) arrived[n] = arrived[n]! * late + arrived[n - 1]! * (1 - late)
      arrived[0] = arrived[0]! * late
    }
    sum += own * t * Math.exp(-own * t) * arrived[place]!
  }
  return sum * STEP
}
