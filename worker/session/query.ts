/** The integer form of a query vector, which the scan multiplies with the item codes. */
import { MAX_BIAS_MULTIPLIER } from '../compute/scorer.js'

export interface Query {
  /** Int16Array of dim: round(vector * unit). */
  codes: Int16Array
  biasMultiplier: number
  /** logit = integer score * perPoint. */
  perPoint: number
}

/**
 * Quantises a query of any length to 16 bits, as fine as the integers allow.
 * @param step real value of one unit of the item codes
 * @param biasStep real value of one unit of the bias codes, in logits
 * @param scale inverse temperature: logit = scale * vector . item + bias
 */
export function quantise(vector: Float64Array, scale: number, step: number, biasStep: number): Query {
  let largest = 0
  for (const value of vector) largest = Math.max(largest, Math.abs(value))
  let unit = largest > 0 ? 32767 / largest : 1
  // One unit of bias is worth biasStep * unit / (scale * step) points; it must stay within the scorer's bound.
  const perUnit = biasStep / (scale * step)
  if (perUnit * unit > MAX_BIAS_MULTIPLIER) unit = MAX_BIAS_MULTIPLIER / perUnit
  const codes = new Int16Array(vector.length)
  for (let d = 0; d < codes.length; d++) codes[d] = Math.round(vector[d]! * unit)
  return { codes, biasMultiplier: Math.round(perUnit * unit), perPoint: (scale * step) / unit }
}
