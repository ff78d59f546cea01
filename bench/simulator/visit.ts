/**
 * One visit to the made-up shop, from the first list to the last purchase, and the returns afterwards.
 *
 * The server fills lists by popularity and noise, and knows nothing of the person. People look from the top down with
 * falling attention. They click on items that attract and suit them, stay longer on those they like, put some into the
 * basket, and buy some of these at the end.
 */
import { gaussian } from '../scan/vectors.js'
import type { Person, Shop } from './shop.js'

export type Kind = 'view_item' | 'add_to_cart' | 'remove_from_cart' | 'purchase' | 'refund'

export interface Happening {
  item: number
  /** Unix seconds. */
  time: number
  kind: Kind
  /** Position in the list in which the item was clicked, from 1; 0 for other events. */
  position: number
  /** The server's score in that list. */
  score: number
}

export interface Exposure {
  item: number
  time: number
  position: number
  score: number
  clicked: boolean
}

export interface Visit {
  happenings: Happening[]
  exposures: Exposure[]
}

const LIST = 12
const MOST_LISTS = 30
/** Chance that the item at position p is looked at: p ** -BIAS. */
export const BIAS = 0.6
const DAY = 86_400

/** @param wanted whether exposures are told too */
export function visit(
  shop: Shop,
  person: Person,
  start: number,
  random: () => number,
  wanted: boolean,
): Visit {
  const normal = gaussian(random)
  const out: Visit = { happenings: [], exposures: [] }
  const basket: number[] = []
  const seen = new Set<number>()
  let time = start
  const happen = (item: number, kind: Kind, position = 0, score = 0) =>
    out.happenings.push({ item, time: Math.floor(time), kind, position, score })

  let category =
    random() < 0.7 ? person.favourites[random() < 0.6 ? 0 : 1]! : Math.floor(shop.categories * random())
  let like = -1
  let leaves = false
  for (let lists = 0; lists < MOST_LISTS && !leaves; lists++) {
    const { items, scores } = serve(shop, category, like, random, normal)
    like = -1
    const shownAt = Math.floor(time)
    for (let at = 0; at < items.length; at++) {
      const item = items[at]!
      const position = at + 1
      const clicked =
        random() < position ** -BIAS && !seen.has(item) && random() < shop.clickProbability(person, item)
      if (wanted) out.exposures.push({ item, time: shownAt, position, score: scores[at]!, clicked })
      if (!clicked) continue
      seen.add(item)
      time += 2 + 6 * random()
      happen(item, 'view_item', position, scores[at])
      const liking = shop.liking(person, item)
      time += Math.min(1200, Math.exp(2.2 + 0.5 * liking + 0.8 * normal()))
      if (random() < shop.cartProbability(person, item)) {
        happen(item, 'add_to_cart')
        basket.push(item)
        time += 1 + 4 * random()
      }
      leaves = random() < 0.1
      if (leaves) break
      // On to the similar items on the item's own page, or back to the list.
      if (random() < 0.5) {
        like = item
        break
      }
    }
    if (leaves || like >= 0) continue
    leaves = random() < 0.3
    if (random() < 0.1) category = Math.floor(shop.categories * random())
    time += 3 + 5 * random()
  }
  const bought: number[] = []
  for (const item of basket) {
    if (random() < shop.buyProbability(person, item)) bought.push(item)
    else if (random() < 0.2) {
      time += 2 + 5 * random()
      happen(item, 'remove_from_cart')
    }
  }
  time += 30 + 60 * random()
  for (const item of bought) happen(item, 'purchase')
  for (const item of bought) {
    if (random() >= shop.returnProbability(person, item)) continue
    // The return is logged under the session of the order.
    time += DAY * (2 + 10 * random())
    happen(item, 'refund')
  }
  return out
}

/** A list of the server: items of a category, or items of the same style as `like`. */
function serve(shop: Shop, category: number, like: number, random: () => number, normal: () => number) {
  const score = new Map<number, number>()
  for (let draws = 0; draws < 2 * LIST && score.size < LIST; draws++) {
    const item = like >= 0 ? shop.drawLike(like, random) : shop.draw(category, random)
    if (item !== like && !score.has(item)) score.set(item, 0.5 * normal() - Math.log(1 + shop.rankOf(item)))
  }
  const sorted = [...score].sort((a, b) => b[1] - a[1])
  return { items: sorted.map(([item]) => item), scores: sorted.map(([, value]) => value) }
}
