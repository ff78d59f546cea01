/**
 * Session counts in one byte: a floating-point number of 5 bits exponent e and 3 bits fraction f. The count is f for
 * e = 0, else (8 + f) * 2^(e - 1): exact up to 16, and within 1/16 above.
 */

/** The count that a code stands for. */
export function countOf(code: number): number {
  const exponent = code >> 3
  const fraction = code & 7
  return exponent === 0 ? fraction : (8 + fraction) * 2 ** (exponent - 1)
}
