/**
 * The sections that format version 1 knows: `dtype encoding shape`, where the shape is written in n (items), d (dim),
 * t (neighbour tables), b (session-length buckets), numbers, and * for any length; | separates alternatives.
 * docs/pack.md says what each holds.
 */
import { BUCKETS } from '../rank/blend.js'
import type { Manifest, Section } from './manifest.js'

const KNOWN = new Map(
  Object.entries({
    'items.ids': 'u8 front-coded n',
    'items.vectors': 'i8 raw|planar n,d',
    'items.bias': 'i8 raw n',
    'items.popularity': 'u8 raw n',
    'items.popular': 'u32 raw *',
    'encoder.attention': 'f32 raw d,d',
    'encoder.position': 'f32 raw *',
    'encoder.scale': 'f32 raw 1',
    'blend.dense': 'f32 raw b',
    'blend.denseExponent': 'f32 raw b',
    'blend.table': 'f32 raw b,t',
    'blend.tableExponent': 'f32 raw b,t',
    'blend.profile': 'f32 raw b',
    'blend.server': 'f32 raw b',
    'blend.repeat': 'f32 raw *',
    'blend.rareBias': 'f32 raw 1',
    'blend.tableDecay': 'f32 raw 1',
    'blend.tableWindow': 'f32 raw 1',
    'facts.title': 'u8 front-coded n',
    'facts.category': 'u8|u16|u32 raw n',
    'facts.category.names': 'u8 front-coded *',
    'facts.brand': 'u8|u16|u32 raw n',
    'facts.brand.names': 'u8 front-coded *',
    'facts.price': 'f32 raw n',
    'facts.image': 'u8 front-coded n',
    'facts.url': 'u8 front-coded n',
    'facts.available': 'u8 raw n',
  }),
)

/** Of each neighbour table, as `neighbours.<table>.<part>`. */
const TABLE_PARTS = new Map(
  Object.entries({
    lengths: 'u8 raw n',
    blocks: 'u32 raw *',
    rows: 'u32 varint-delta *',
    weights: 'u8 raw *',
  }),
)

/** What the section of that name must look like; undefined for one that this version does not know. */
function specOf(name: string, tables: readonly string[]): string | undefined {
  const [, table, part] = /^neighbours\.([^.]+)\.(\w+)$/.exec(name) ?? []
  return table && part && tables.includes(table) ? TABLE_PARTS.get(part) : KNOWN.get(name)
}

/** Names of the sections without which a pack cannot serve. */
export function essential(tables: readonly string[]): string[] {
  const fixed = [...KNOWN.keys()].filter((name) => !name.startsWith('facts.'))
  return [
    ...fixed,
    ...tables.flatMap((t) => [...TABLE_PARTS.keys()].map((part) => `neighbours.${t}.${part}`)),
  ]
}

type Counts = Pick<Manifest, 'items' | 'dim' | 'tables'>

/** How a section differs from what this version knows under its name; '' when it does not. */
export function mismatch(section: Section, counts: Counts): string {
  const [dtypes, encodings, shape] = specOf(section.name, counts.tables)?.split(' ') ?? []
  if (!shape) return 'unknown section'
  if (!encodings!.split('|').includes(section.encoding)) return `unknown encoding "${section.encoding}"`
  if (!dtypes!.split('|').includes(section.dtype)) return `dtype is "${section.dtype}", expected ${dtypes}`
  const sizes: Record<string, number> = {
    n: counts.items,
    d: counts.dim,
    t: counts.tables.length,
    b: BUCKETS,
    '1': 1,
  }
  const expected = shape.split(',')
  const fits =
    expected.length === section.shape.length &&
    expected.every((symbol, i) => symbol === '*' || section.shape[i] === sizes[symbol])
  return fits ? '' : `shape is [${section.shape}], expected [${expected.map((s) => sizes[s] ?? s)}]`
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
