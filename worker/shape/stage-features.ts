/**
 * What the second stage knows of a candidate and the blend does not. Training and the engine read the same columns here, so a
 * weight means the same in both.
 *
 * Everything is 0 where nothing is known, and none of it is much larger than 1.
 */
import { visitStart } from '../feedback/history.js'
import { attributeOf, type Candidates, type RankContext } from '../rank/candidates.js'
import { distancesOf } from '../rank/server-order.js'

/**
 * The features, in the order of the pack's `stage.linear`. New ones are added at the end, and none is ever taken out.
 * - `price`: how far the price is from the visitor's own range, 0 to -1
 * - `cheaper`: how much cheaper than the visitor's usual price, -1 to 1
 * - `category`, `brand`: its share of what the visitor looked at
 * - `same`: 1 in the category of the visitor's last item
 * - `fresh`: 1 for a new item
 * - `popular`: how many have seen it, as a logarithm
 * - `noon`, `evening`, `weekend`, `mobile`: `popular` at this time of the day and the week (UTC), and on this device
 * - `before`: 1 for an item of earlier visits
 * - `away`: the same, by the days since the last visit
 * - `fatigue`: what the visitor's dislikes and ignored lists take from the score
 * - `server`: how far down the server has it
 */
export const STAGE = [
  'price',
  'cheaper',
  'category',
  'brand',
  'same',
  'fresh',
  'popular',
  'noon',
  'evening',
  'weekend',
  'mobile',
  'before',
  'away',
  'fatigue',
  'server',
] as const

/** Earlier items that count for the visitor's tastes, the strongest. */
const EARLIER = 50
/** What is presumed of a visitor's range: so many items' worth of prices around the mean, with this variance of ln(price). */
const PRESUMED = { items: 1, variance: 0.25 }
const DAY_MS = 86_400_000
const MONTH_MS = 30 * DAY_MS

/** Writes the features of the i-th candidate to `out`. Made once for a list. */
export function stageOf(list: Candidates, context: RankContext): (i: number, out: Float64Array) => void {
  const { model, evidence, events, now } = context
  const { catalog } = model
  const { steps, interests } = evidence
  const known = [
    ...steps,
    ...interests.slice(0, EARLIER).map(({ row, strength }) => ({ row, weight: strength })),
  ]
  const sharesOf = (name: string) => {
    const shares = new Map<unknown, number>()
    let total = 0
    for (const { row, weight } of known) {
      const value = catalog.attribute(row, name)
      if (value === undefined) continue
      shares.set(value, (shares.get(value) ?? 0) + weight)
      total += weight
    }
    return (value: unknown) => (shares.get(value) ?? 0) / (total || 1)
  }
  const inCategory = sharesOf('category')
  const ofBrand = sharesOf('brand')
  const last = steps.at(-1)
  const lately = last && catalog.attribute(last.row, 'category')
  let [weights, mean, spread] = [0, 0, 0]
  for (const { row, weight } of known) {
    const price = logOf(catalog.attribute(row, 'price'))
    if (price === undefined) continue
    // A running mean and sum of squares (Welford 1962), weighted.
    weights += weight
    const from = price - mean
    mean += (weight / weights) * from
    spread += weight * from * (price - mean)
  }
  const deviation = Math.sqrt((spread + PRESUMED.items * PRESUMED.variance) / (weights + PRESUMED.items))
  const fresh = new Set(catalog.fresh)
  const before = new Set(interests.map(({ row }) => row))
  const start = visitStart(events, now)
  const past = start > 0 ? Math.max(0, (events[start]?.time ?? now) - events[start - 1]!.time) : 0
  const away = Math.log1p(past / DAY_MS) / Math.log1p(MONTH_MS / DAY_MS)
  const turn = (now / DAY_MS) * 2 * Math.PI
  // 1 January 1970 was a Thursday.
  const weekend = Number(((Math.floor(now / DAY_MS) + 4) % 7) % 6 === 0)
  const mobile = Number(Boolean((globalThis.navigator as Device | undefined)?.userAgentData?.mobile))
  const distance = distancesOf(context)

  return (i, out) => {
    const row = list.rows[i]!
    const price = weights > 0 ? logOf(attributeOf(context, list, i, 'price')) : undefined
    const off = price === undefined ? undefined : (mean - price) / deviation
    const category = known.length > 0 ? attributeOf(context, list, i, 'category') : undefined
    const popular = row < 0 ? 0 : Math.log1p(catalog.popularity(row)) / 10
    const again = Number(before.has(row))
    out[0] = off === undefined ? 0 : -Math.min(1, (off * off) / 4)
    out[1] = off === undefined ? 0 : Math.max(-1, Math.min(1, off / 2))
    out[2] = category === undefined ? 0 : inCategory(category)
    out[3] = known.length > 0 ? ofBrand(attributeOf(context, list, i, 'brand')) : 0
    out[4] = Number(category !== undefined && category === lately)
    out[5] = Number(fresh.has(row))
    out[6] = popular
    out[7] = -popular * Math.cos(turn)
    out[8] = -popular * Math.sin(turn)
    out[9] = popular * weekend
    out[10] = popular * mobile
    out[11] = again
    out[12] = again * away
    out[13] = -list.features.against[i]!
    out[14] = -distance(list.index[i]!)
  }
}

/** Chromium's name for it; others do not say. */
type Device = { userAgentData?: { mobile?: boolean } }

/** The logarithm of a price, where there is one. */
function logOf(price: unknown): number | undefined {
  return Number(price) > 0 ? Math.log(Number(price)) : undefined
}
