/** Random numbers of a text: the same text gives the same numbers on every device. */

/** @returns a function that draws from 0 to 1, both excluded, for each number that it is asked with */
export function seeded(text: string): (n: number) => number {
  let seed = 0x811c9dc5
  for (let i = 0; i < text.length; i++) seed = Math.imul(seed ^ text.charCodeAt(i), 0x01000193)
  return (n) => {
    // The finaliser of MurmurHash3 spreads numbers that differ in a few bits only.
    let x = seed ^ Math.imul(n, 0x9e3779b1)
    x = Math.imul(x ^ (x >>> 16), 0x85ebca6b)
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35)
    x ^= x >>> 16
    return ((x >>> 0) + 0.5) / 2 ** 32
  }
}

/** The largest of weights * exp(Gumbel) is drawn with a probability in proportion to its weight (Gumbel 1954). */
export function gumbel(uniform: number): number {
  return -Math.log(-Math.log(uniform))
}
