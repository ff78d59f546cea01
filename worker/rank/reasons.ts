/** Why an item stands where it stands, out of the same numbers that put it there. */
import { dot } from '../compute/vector.js'
import type { Explanation, Reason, Source } from '../protocol.js'
import { power } from './blend.js'
import type { Evidence, Model } from './evidence.js'
import { denseLogits, sharesOf } from './relevance.js'

/** Reasons given for an item of a ranked list. */
const MOST_REASONS = 2

/** How a row's relevance divides over the parts and over the visitor's own items. */
export interface Account {
  parts: Explanation['parts']
  because: { row: number; code: Reason['code']; share: number }[]
}

/** Exact for the parts; the tables' and the session's shares are split over the steps that brought them. */
export function account(model: Model, evidence: Evidence, row: number): Account {
  const logit = denseLogits(model, evidence, Uint32Array.of(row))[0]!
  const { dense, tables, repeat } = sharesOf(evidence, row, logit)
  const sum = dense + tables
  if (!(sum > 0)) return { parts: [], because: [] }

  // A repeat factor above 1 is a part of its own: what the item gains by having been looked at already.
  const again = repeat > 1 ? 1 - 1 / repeat : 0
  const rest = (1 - again) / sum
  const item = model.catalog.vector(row)
  const taste = pastShare(evidence, item)
  const session = dense * rest * (1 - taste)
  const neighbours = tables * rest
  const parts: Account['parts'] = [
    { part: 'session', share: session },
    { part: 'profile', share: dense * rest * taste },
    { part: 'neighbours', share: neighbours },
    { part: 'repeat', share: again },
  ]
  return {
    parts: strongest(parts),
    because: strongest([
      { row, code: 'again', share: again },
      ...split(similarTo(evidence, item), 'similar', session),
      ...split(seenWith(evidence, row), 'seen-with', neighbours),
    ]),
  }
}

/** The strongest few of an account, for a ranked list. */
export function reasons({ catalog }: Model, { parts, because }: Account): Reason[] {
  const found: Reason[] = because
    .slice(0, MOST_REASONS)
    .map(({ row, code, share: weight }) =>
      code === 'again' ? { code, weight } : { code, item: catalog.idOf(row), weight },
    )
  const taste = parts.find(({ part }) => part === 'profile')
  if (taste && taste.share > (found[0]?.weight ?? 0)) found.unshift({ code: 'taste', weight: taste.share })
  return found.slice(0, MOST_REASONS)
}

export function sourceOf({ parts }: Account): Source {
  const first = parts[0]?.part
  return first === 'neighbours' || first === 'profile' ? first : first ? 'session' : 'popular'
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
