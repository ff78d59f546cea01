/** Why an item stands where it stands, out of the same numbers that put it there. */
import type { Explanation, Reason, Source } from '../protocol.js'
import { power } from './blend.js'
import type { Evidence, Model } from './evidence.js'
import { denseLogits, sharesOf } from './relevance.js'

/** How a row's relevance divides over the parts and over the visitor's own items. */
export interface Account {
  parts: Explanation['parts']
  because: { row: number; code: Reason['code']; share: number }[]
}

/** Exact for the parts; the tables' and the session's shares are split over the steps that brought them. */
export function account(model: Model, evidence: Evidence, row: number): Account {
  const logit = denseLogits(model, evidence, Uint32Array.of(row))[0]!
  const shares = sharesOf(model, evidence, row, logit)
  const sum = shares.dense + shares.tables
  if (!(sum > 0)) return { parts: [], because: [] }

  // A repeat factor above 1 is a part of its own: what the item gains by having been looked at already.
  const again = shares.repeat > 1 ? 1 - 1 / shares.repeat : 0
  const rest = (1 - again) / sum
  const { steps } = evidence
  const taste = pastShare(model, evidence, row)
  const parts: Account['parts'] = [
    { part: 'session', share: shares.dense * rest * (1 - taste) },
    { part: 'profile', share: shares.dense * rest * taste },
    { part: 'neighbours', share: shares.tables * rest },
    { part: 'repeat', share: again },
  ]
  const because = [
    ...(again > 0 ? [{ row, code: 'again' as const, share: again }] : []),
    ...split(similarTo(model, evidence, row), steps, 'similar', shares.dense * rest * (1 - taste)),
    ...split(seenWith(model, evidence, row), steps, 'seen-with', shares.tables * rest),
  ]
  return {
    parts: parts.filter(({ share }) => share > 0).sort((a, b) => b.share - a.share),
    because: because.sort((a, b) => b.share - a.share),
  }
}

/** The strongest few of an account, for a ranked list. */
export function reasons(model: Model, account: Account, most = 2): Reason[] {
  const found: Reason[] = account.because
    .slice(0, most)
    .map(({ row, code, share }) =>
      code === 'again' ? { code, weight: share } : { code, item: model.catalog.idOf(row), weight: share },
    )
  const taste = account.parts.find(({ part }) => part === 'profile')
  if (taste && taste.share > (found[0]?.weight ?? 0)) found.unshift({ code: 'taste', weight: taste.share })
  return found.slice(0, most)
}

export function sourceOf(account: Account): Source {
  const first = account.parts[0]?.part
  return first === 'neighbours' || first === 'profile' ? first : first ? 'session' : 'popular'
}

/** How much of a dense score comes from earlier visits: their part of the vector's product with the item. */
function pastShare({ catalog }: Model, { past, dense }: Evidence, row: number): number {
  if (!past || !dense) return 0
  const item = new Float32Array(catalog.dim)
  catalog.vector(row, item)
  const whole = dot(dense.vector, item)
  return whole > 0 ? Math.min(1, Math.max(0, dot(past, item) / whole)) : 0
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0
  for (let d = 0; d < b.length; d++) sum += a[d]! * b[d]!
  return sum
}

/** By step: attention times the step's inner product with the item. */
function similarTo({ catalog }: Model, { steps, attention }: Evidence, row: number): Float64Array {
  const by = new Float64Array(steps.length)
  if (!attention) return by
  const item = new Float32Array(catalog.dim)
  catalog.vector(row, item)
  const { from, weights, vectors } = attention
  for (let j = 0; j < weights.length; j++) {
    const own = vectors.subarray(j * item.length, (j + 1) * item.length)
    by[from + j] = Math.max(0, weights[j]! * dot(own, item))
  }
  return by
}

/** By step: the tables' share that the step brought. */
function seenWith({ catalog, blend }: Model, { steps, weights }: Evidence, row: number): Float64Array {
  const by = new Float64Array(steps.length)
  const oldest = Math.max(0, steps.length - blend.tableWindow)
  for (let t = 0; t < catalog.tables.length; t++) {
    for (let j = steps.length - 1, decay = 1; j >= oldest; j--, decay *= blend.tableDecay) {
      const neighbours = catalog.neighbours(t, steps[j]!.row)
      const n = neighbours.rows.indexOf(row)
      if (n < 0) continue
      const share = decay * steps[j]!.weight * neighbours.weights[n]!
      by[j] = by[j]! + weights.table[t]! * power(share, weights.tableExponent[t]!)
    }
  }
  return by
}

/** Divides `share` over the items of the steps in proportion; an item of several steps is named once. */
function split(
  by: Float64Array,
  steps: Evidence['steps'],
  code: Reason['code'],
  share: number,
): Account['because'] {
  const total = by.reduce((a, b) => a + b, 0)
  if (!(total > 0) || !(share > 0)) return []
  const rows = new Map<number, number>()
  by.forEach((value, j) => {
    if (value > 0) rows.set(steps[j]!.row, (rows.get(steps[j]!.row) ?? 0) + (value / total) * share)
  })
  return Array.from(rows, ([row, part]) => ({ row, code, share: part }))
}
