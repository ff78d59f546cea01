/** The names of the sections that format version 1 knows. docs/pack.md says what each holds. */
import type { Section } from './manifest.js'

/** What this version reads; `docs/pack.md` says which of them a pack must have, and the readers refuse one that lacks one. */
export function known(tables: readonly string[]): RegExp {
  return new RegExp(
    `^(items\\.(ids|vectors|bias|popular(ity)?)|neighbours\\.(${tables.join('|')})\\.(lengths|rows|weights)|encoder\\.(attention|position|scale)|blend\\.(dense(Exponent)?|table(Exponent|Decay|Window)?|profile|server|repeat|rareBias)|facts\\.(title|image|url|price|available|(category|brand)(\\.names)?))$`,
  )
}

/**
 * The 32-bit number that stands before the section's bytes in its file, so that a manifest whose entries were mixed
 * up is found out: FNV-1a (Fowler, Noll, Vo 1991) over the section's description.
 */
export function tagOf({ name, dtype, shape, encoding, scale }: Section): number {
  return fnv1a([name, dtype, shape, encoding, scale ?? ''].join(' '))
}

/** FNV-1a, 32 bits, over the code units of an ASCII text. */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}
