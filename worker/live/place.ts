/**
 * Gives new items vectors, from what the shop says about them and about the pack's items: the trainer's method, on the device.
 * It works in short slices, so that no answer waits for it.
 */
import type { Catalog } from '../catalog/catalog.js'
import { EXCLUDED } from '../compute/scorer.js'
import { type Placed, placing } from '../content/content.js'
import type { AttributeValue } from '../protocol.js'
import type { LiveItem } from './file.js'
import type { Places } from './over.js'

/** How many of the pack's items new ones are compared with: those that most people have seen. */
const COMPARED = 8000
/** How long a slice of the work may take, and after so many rows the clock is read. */
const SLICE_MS = 4
const ROWS = 32
/** Without examples in the pack, new items are this many logits below the mean of the others; see the trainer. */
const BELOW = 1.5
/** What is read on its own, and what does not say what the item is like. */
const FIELDS = 'title category brand price id image url available added repurchase popularity'.split(' ')

/** @param rest lets other work go first */
export async function placeItems(
  catalog: Catalog,
  items: readonly LiveItem[],
  rest: () => Promise<unknown> = () => new Promise((resolve) => setTimeout(resolve, 0)),
): Promise<Places> {
  let until = performance.now() + SLICE_MS
  const pause = async () => {
    if (performance.now() < until) return
    await rest()
    until = performance.now() + SLICE_MS
  }
  const { dim, step } = catalog
  const known = knownRows(catalog)
  const all: Readonly<Record<string, AttributeValue | undefined>>[] = []
  for (const [i, row] of known.entries()) {
    all.push(catalog.facts(row))
    if (i % ROWS === 0) await pause()
  }
  all.push(...items)
  const vectors = new Float32Array(all.length * dim)
  for (const [i, row] of known.entries()) {
    // Quantised vectors are not quite of length 1.
    const vector = catalog.vector(row)
    const length = Math.hypot(...vector) || 1
    vectors.set(
      vector.map((value) => value / length),
      i * dim,
    )
    if (i % ROWS === 0) await pause()
  }
  const rare = new Uint8Array(all.length).fill(1, known.length)
  const codes = new Map<string, Int8Array>()
  const likes: Places['likes'] = new Map()
  const work: Iterator<Placed | undefined> = placing(described(all), rare, vectors, dim)
  for (let next = work.next(); !next.done; next = work.next()) {
    if (next.value) {
      const { row, vector, alike } = next.value
      const { id } = items[row - known.length]!
      alike.rows.forEach((i, n) => {
        const other = known[i]!
        likes.set(other, [...(likes.get(other) ?? []), [id, alike.own[n]!]])
      })
      codes.set(
        id,
        Int8Array.from(vector, (value) => Math.max(-127, Math.min(127, Math.round(value / step)))),
      )
    }
    await pause()
  }
  return { codes, likes, bias: levelOf(catalog, known) }
}

/** The rows with a vector of their own, those that most people have seen first. */
function knownRows(catalog: Catalog): number[] {
  const rows: number[] = []
  for (let row = 0; row < catalog.size; row++) {
    if (catalog.bias[row] !== EXCLUDED && catalog.popularity(row) > 0) rows.push(row)
  }
  if (rows.length <= COMPARED) return rows
  const counts = new Map(rows.map((row) => [row, catalog.popularity(row)]))
  return rows.sort((a, b) => counts.get(b)! - counts.get(a)! || a - b).slice(0, COMPARED)
}

/** As columns, which is how features are made. */
function described(all: readonly Readonly<Record<string, AttributeValue | undefined>>[]) {
  const text = (name: string) =>
    all.map((facts) => {
      const value = Object.hasOwn(facts, name) ? facts[name] : undefined
      return value === undefined ? undefined : String(value).trim() || undefined
    })
  const names = new Set(all.flatMap((facts) => Object.keys(facts)))
  for (const name of FIELDS) names.delete(name)
  return {
    title: text('title'),
    category: text('category'),
    brand: text('brand'),
    price: Float64Array.from(all, ({ price }) => (typeof price === 'number' ? price : Number.NaN)),
    attributes: new Map([...names].map((name) => [name, text(name)])),
  }
}

/** The bias of new items: as the pack has it for those that it knew without a history. */
function levelOf({ bias, biasStep, size, popularity }: Catalog, known: readonly number[]): number {
  for (let row = 0; row < size; row++) {
    if (bias[row] !== EXCLUDED && popularity(row) === 0) return bias[row]!
  }
  const mean = known.reduce((sum, row) => sum + bias[row]!, 0) / Math.max(1, known.length)
  return Math.max(-127, Math.round(mean - BELOW / biasStep))
}
