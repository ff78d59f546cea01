/** The names of the sections that format version 1 knows. docs/pack.md says what each holds. */
import type { Section } from './manifest.js'

/** Without these a pack cannot serve. */
const NEEDED = {
  items: 'ids vectors bias popularity popular',
  encoder: 'attention position scale',
  blend: 'dense denseExponent table tableExponent profile server repeat rareBias tableDecay tableWindow',
}
/** Of each neighbour table, as `neighbours.<table>.<part>`. */
const TABLE = 'lengths rows weights'
const FACTS = /^facts\.(title|image|url|price|available|(category|brand)(\.names)?)$/

/** The sections that a pack with these tables must have. */
export function namesOf(tables: readonly string[]): string[] {
  const groups = { ...NEEDED, ...Object.fromEntries(tables.map((table) => [`neighbours.${table}`, TABLE])) }
  return Object.entries(groups).flatMap(([group, names]) =>
    names.split(' ').map((name) => `${group}.${name}`),
  )
}

export function isKnown(name: string, tables: readonly string[]): boolean {
  return FACTS.test(name) || namesOf(tables).includes(name)
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
