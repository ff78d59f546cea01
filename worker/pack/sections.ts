/** The names of the sections that format version 1 knows. docs/pack.md says what each holds. */
import type { Section } from './manifest.js'

/** What this version reads; `docs/pack.md` says which of them a pack must have, and the readers refuse one that lacks one. */
export function known(tables: readonly string[]): RegExp {
  return new RegExp(
    `^(items\\.(ids|vectors|bias|popularity|popular)|neighbours\\.(${tables.join('|')})\\.(lengths|weights|rows)|encoder\\.(attention|position|scale|output|(input|recurrent)(Weights|Bias))|blend\\.(dense|denseExponent|table|tableExponent|profile|again|server|even|repeat|habit|rareBias|tableDecay|tableWindow)|facts\\.(title|category|brand|image|url|price|available|(category|brand)\\.names))$`,
  )
}

/**
 * The 32-bit number that stands before the section's bytes in its file, so that a manifest with mixed-up entries is
 * noticed: FNV-1a (Fowler, Noll, Vo 1991) over the section's description.
 */
export function tagOf({ name, dtype, shape, encoding, scale }: Section): number {
  let hash = 0x811c9dc5
  // ASCII, so characters are bytes.
  for (const character of [name, dtype, shape, encoding, scale ?? ''].join(' ')) {
    hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193)
  }
  return hash >>> 0
}
