/**
 * Why an item stands where it stands: how its relevance divides over the parts, and over the visitor's own items. The
 * parts are exact, as they are the features that made the score. The share of the session and of the tables is then
 * split over the steps that brought it.
 */
import { dot } from '../compute/vector.js'
import type { Explanation, Reason } from '../protocol.js'
import { power } from './blend.js'
import type { Candidates, RankContext } from './candidates.js'
import type { Evidence } from './evidence.js'

export interface Account {
  /** Strongest first; they sum to 1, or are empty where nothing speaks for the item. */
  parts: Explanation['parts']
  /** The visitor's items behind the parts, strongest first. */
  because: { row: number; code: Reason['code']; share: number }[]
}

/** The account of the i-th candidate. */
export function explain(
  { model, evidence, unwanted }: RankContext,
  { rows, features }: Candidates,
  i: number,
): Account {
  const [dense, tables, repeat] = [features.dense[i]!, features.tables[i]!, features.repeat[i]!]
  const sum = dense + tables
  if (!(sum > 0)) return { parts: [], because: [] }

  // A repeat factor above 1 is a part of its own: what the item gains by having been looked at already.
  const again = repeat > 1 ? 1 - 1 / repeat : 0
  const rest = (1 - again) / sum
  const row = rows[i]!
  const item = dense > 0 ? model.catalog.vector(row) : undefined
  const taste = item ? pastShare(evidence, item) : 0
  const session = dense * rest * (1 - taste)
  const neighbours = tables * rest
  return {
    parts: strongest<Explanation['parts'][number]>([
      { part: 'session', share: session },
      { part: 'profile', share: dense * rest * taste },
      { part: 'neighbours', share: neighbours },
      { part: 'repeat', share: again },
    ]),
    because: strongest<Account['because'][number]>([
      { row, code: 'again', share: again },
      ...(item && session > 0 ? split(similarTo(evidence, item), 'similar', session) : []),
      ...(neighbours > 0 ? split(seenWith(evidence, row), 'seen-with', neighbours) : []),
      // What the visitor does not want explains nothing.
    ]).filter(({ row }) => !unwanted.has(model.catalog.idOf(row))),
  }
}

function strongest<T extends { share: number }>(list: T[]): T[] {
  return list.filter(({ share }) => share > 0).sort((a, b) => b.share - a.share)
}

/** How much of a dense score comes from earlier visits: their part of the vector's product with the item. */
function pastShare({ past, dense }: Evidence, item: Float32Array): number {
  if (!past || !dense) return 0
  const whole = dot(dense.vector, item)
  return whole > 0 ? Math.min(1, Math.max(0, dot(past, item) / whole)) : 0
}

/** What items of the session bring, in the order of the steps. */
type Brought = [row: number, value: number][]

/** How much the encoder made of the step, times its inner product with the item. */
function similarTo({ session: { steps, vectors, weights } }: Evidence, item: Float32Array): Brought {
  return steps.map(({ row }, j) => [row, weights[j]! * dot(vectors[j]!, item)])
}

/** The tables' share that the step brought. */
function seenWith({ recent, weights }: Evidence, row: number): Brought {
  return recent.map((step) => {
    let value = 0
    step.lists.forEach((list, t) => {
      const share = step.share * (list.weights[list.rows.indexOf(row)] ?? 0)
      value += weights.table[t]! * power(share, weights.tableExponent[t]!)
    })
    return [step.row, value]
  })
}

/** Divides `share` over the items in proportion; an item of several steps is named once. */
function split(brought: Brought, code: Reason['code'], share: number): Account['because'] {
  const rows = new Map<number, number>()
  let total = 0
  for (const [row, value] of brought) {
    if (!(value > 0)) continue
    total += value
    rows.set(row, (rows.get(row) ?? 0) + value)
  }
  return Array.from(rows, ([row, value]) => ({ row, code, share: (value / total) * share }))
}
