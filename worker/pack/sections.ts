/** The names of the sections that format version 1 knows. docs/pack.md says what each holds. */
import type { Section } from './manifest.js'

/** Matches the names that this version reads. Readers refuse a pack that lacks a section which docs/pack.md requires. */
export function known(tables: readonly string[]): RegExp {
  return new RegExp(
    `^(items\\.(ids|vectors|bias|popularity|popular|trending|fresh)|neighbours\\.(${tables.join('|')})\\.(lengths|weights|rows)|encoder\\.(attention|position|scale|output|(input|recurrent)(Weights|Bias))|blend\\.(dense|denseExponent|table|tableExponent|profile|again|server|even|repeat|habit|rareBias|tableDecay|tableWindow)|facts\\.(title|category|brand|image|url|price|available|added|repurchase|(category|brand)\\.names|attributes(\\.\\d+(\\.names)?)?)|ranking|stage\\.(linear|similar))$`,
  )
}

/**
 * The 32-bit number before a section's bytes in its file. It is FNV-1a (Fowler, Noll, Vo 1991) over the section's
 * description, so a manifest with mixed-up entries is noticed.
 */
export function tagOf({ name, dtype, shape, encoding, scale }: Section): number {
  let hash = 0x811c9dc5
  // The text is ASCII, so each character is one byte.
  for (const character of [name, dtype, shape, encoding, scale ?? ''].join(' ')) {
    hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193)
  }
  return hash >>> 0
}
