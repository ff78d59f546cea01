/** Turns a pack's content into the sections of its files. */
import type { Dtype, Encoding, Section } from '../../../worker/pack/manifest.js'
import { BUCKETS } from '../../../worker/rank/blend.js'
import { KINDS } from '../encoders/kinds.js'
import type { FactColumns, PackContent } from './content.js'
import { bytesOf, dictionary, encodeTable, frontCoded, popularityCode } from './encode.js'

/** A section without a position in a file yet. */
export interface Part extends Pick<Section, 'name' | 'dtype' | 'shape' | 'encoding' | 'required' | 'scale'> {
  bytes: Uint8Array
}

/** The number of most popular rows whose exact order is kept. */
const POPULAR = 1000
/** The parts of each file, by the file's key in the manifest, in the order in which they are written. */
export function partsOf(content: PackContent): Record<string, Part[]> {
  const { facts } = content
  return {
    items: items(content),
    neighbours: content.tables.flatMap((table) => {
      const { lengths, weights, rows } = encodeTable(table)
      const name = `neighbours.${table.name}`
      return [
        raw(`${name}.lengths`, lengths),
        part(`${name}.rows`, rows, 'u32', 'varint-delta', [weights.length]),
        raw(`${name}.weights`, weights),
      ]
    }),
    model: [...model(content), ...(facts ? attributes(facts) : [])],
    ...(facts ? { facts: texts(facts, content.ids.length) } : {}),
  }
}

function items({ ids, dim, codes, step, bias, biasStep, popularity, openers }: PackContent): Part[] {
  const n = ids.length
  const popular = Uint32Array.from(popularity.keys())
    .filter((row) => popularity[row]! > 0)
    .sort((a, b) => popularity[b]! - popularity[a]! || a - b)
    .subarray(0, POPULAR)
  return [
    strings('items.ids', ids),
    { ...part('items.vectors', bytesOf(codes), 'i8', 'raw', [n, dim]), scale: step },
    { ...raw('items.bias', bias), scale: biasStep },
    raw('items.popularity', Uint8Array.from(popularity, popularityCode)),
    raw('items.popular', popular),
    ...Object.entries(openers ?? {})
      .filter(([, rows]) => rows.length > 0)
      .map(([name, rows]) => ({ ...raw(`items.${name}`, rows), required: false })),
  ]
}

function model({ encoder, blend, stage, similar, tables, ranking }: PackContent): Part[] {
  const t = tables.length
  const { buckets, even, repeat, habit, rareBias, tableDecay, tableWindow } = blend
  const numbers = (name: string, values: ArrayLike<number>, shape = [values.length]) =>
    part(name, bytesOf(Float32Array.from(values)), 'f32', 'raw', shape)
  const ofBuckets = (field: 'dense' | 'denseExponent' | 'profile' | 'again' | 'server') =>
    numbers(
      `blend.${field}`,
      buckets.map((bucket) => bucket[field]),
    )
  const ofTables = (field: 'table' | 'tableExponent') =>
    numbers(
      `blend.${field}`,
      buckets.flatMap((bucket) => bucket[field]),
      [BUCKETS, t],
    )
  return [
    ...Object.entries(KINDS[encoder.kind].sections(encoder)).map(([name, { values, shape }]) =>
      numbers(`encoder.${name}`, values, shape),
    ),
    numbers('encoder.scale', [encoder.scale]),
    ofBuckets('dense'),
    ofBuckets('denseExponent'),
    ofTables('table'),
    ofTables('tableExponent'),
    ofBuckets('profile'),
    { ...ofBuckets('again'), required: false },
    ofBuckets('server'),
    ...(even
      ? [
          {
            ...numbers(
              'blend.even',
              even.flatMap(({ dense, denseExponent, again, againExponent, table, tableExponent }) => [
                dense,
                denseExponent,
                again,
                againExponent,
                ...table,
                ...tableExponent,
              ]),
              [2, 4 + 2 * t],
            ),
            required: false,
          },
        ]
      : []),
    numbers('blend.repeat', repeat),
    { ...numbers('blend.habit', habit), required: false },
    numbers('blend.rareBias', [rareBias]),
    numbers('blend.tableDecay', [tableDecay]),
    numbers('blend.tableWindow', [tableWindow]),
    ...(stage ? [{ ...numbers('stage.linear', stage), required: false }] : []),
    ...(similar ? [{ ...numbers('stage.similar', [similar]), required: false }] : []),
    ...(ranking
      ? [{ ...raw('ranking', new TextEncoder().encode(JSON.stringify(ranking))), required: false }]
      : []),
  ]
}

/**
 * What ranking may ask about an item. It is in a file that is there before the first list, because rules must hold in that
 * list too.
 */
function attributes({
  category,
  brand,
  price,
  available,
  added,
  repurchase,
  attributes = new Map(),
}: FactColumns): Part[] {
  const shared = (name: string, values: readonly (string | undefined)[]) => {
    const { codes, names } = dictionary(values)
    return [raw(name, codes), strings(`${name}.names`, names)]
  }
  const names = [...attributes.keys()]
  const parts = [
    ...Object.entries({ category, brand }).flatMap(([field, column]) =>
      column?.some(Boolean) ? shared(`facts.${field}`, column) : [],
    ),
    ...(price ? [raw('facts.price', Float32Array.from(price))] : []),
    ...(available ? [raw('facts.available', Uint8Array.from(available, availability))] : []),
    ...(added ? [raw('facts.added', Uint16Array.from(added, daysOf))] : []),
    ...(repurchase?.some(Boolean) ? [raw('facts.repurchase', repurchase)] : []),
    ...(names.length > 0 ? [strings('facts.attributes', names)] : []),
    ...names.flatMap((name, n) => shared(`facts.attributes.${n}`, attributes.get(name)!)),
  ]
  return parts.map((fact) => ({ ...fact, required: false }))
}

function availability(is: boolean | undefined): number {
  return is === undefined ? 0 : is ? 2 : 1
}

/** Days since 1970, or 0 for none. */
function daysOf(seconds: number): number {
  const days = Math.floor(seconds / 86_400)
  return days > 0 && days < 2 ** 16 ? days : 0
}

/** What only the page shows. */
function texts(facts: FactColumns, n: number): Part[] {
  return (['title', 'image', 'url'] as const).flatMap((field) => {
    const column = facts[field]
    if (!column?.some(Boolean)) return []
    const values = Array.from({ length: n }, (_, row) => column[row] ?? '')
    return [{ ...strings(`facts.${field}`, values), required: false }]
  })
}

function strings(name: string, values: readonly string[]): Part {
  return part(name, frontCoded(values), 'u8', 'front-coded', [values.length])
}

const DTYPES = new Map<unknown, Dtype>([
  [Uint8Array, 'u8'],
  [Int8Array, 'i8'],
  [Uint16Array, 'u16'],
  [Uint32Array, 'u32'],
  [Float32Array, 'f32'],
])

function raw(name: string, values: Uint8Array | Int8Array | Uint16Array | Uint32Array | Float32Array): Part {
  return part(name, bytesOf(values), DTYPES.get(values.constructor)!, 'raw', [values.length])
}

function part(name: string, bytes: Uint8Array, dtype: Dtype, encoding: Encoding, shape: number[]): Part {
  return { name, dtype, shape, encoding, required: true, bytes }
}
