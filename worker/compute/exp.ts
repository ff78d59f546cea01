/**
 * e^x from additions and multiplications only. `Math.exp` may differ in the last bit between JavaScript engines
 * (ECMA-262 leaves it implementation-approximated), and then a quantised query would differ too: golden vectors
 * could not be compared exactly. Relative error below 1e-13 on [-700, 700].
 */
const LN2_HI = 0.6931471803691238
const LN2_LO = 1.9082149292705877e-10

export function exp(x: number): number {
  if (x < -700) return 0
  if (x > 700) return exp(700)
  // x = k ln 2 + r with |r| <= ln 2 / 2; the two-part ln 2 keeps r exact (Cody and Waite 1980).
  const k = Math.floor(x / Math.LN2 + 0.5)
  const r = x - k * LN2_HI - k * LN2_LO
  let sum = 1
  for (let n = 13; n > 0; n--) sum = 1 + (r * sum) / n
  return sum * 2 ** k
}
