/**
 * Lists that the server has rendered and marked up:
 *
 *     <ul data-nearside-rank="home"> <li data-nearside-item="sku1">… <li data-nearside-item="sku2">… </ul>
 *
 * Each list is re-ordered at most once. Items that are or were on the screen, or above it, stay where they are, and only the
 * others are put in order, so nobody sees anything move. Then `data-nearside-by` on the list says who ordered it: `device`, or
 * `server` if the list was left as it came. In that case `data-nearside-why` says why. `data-nearside-fixed` says how many
 * items stayed because they were seen, and `data-nearside-request` is the `requestId` of the ranking.
 */
import type { ListEvent, Untouched } from '../api.js'
import type { Client } from '../client.js'
import { natural } from '../lifecycle/natural.js'
import { factsOf, itemsOf, LIST, scoreOf, settingsOf, skuOf, slotOf } from './markup.js'
import type { ListPart } from './part.js'
import { parentOf, reorder } from './reorder.js'
import { unseen } from './unseen.js'

const pending = new WeakSet<Element>()

/** Ranks the lists that are new in the document. */
export const takeUp: ListPart['takeUp'] = (nearside, tell) => {
  for (const list of natural(document).querySelectorAll<HTMLElement>(LIST)) {
    const { dataset } = natural(list)
    // Turbo may show a copy of an earlier page. Its lists were decided before.
    if (pending.has(list) || dataset.nearsideBy) continue
    pending.add(list)
    void decide(nearside, list).then((outcome) => {
      pending.delete(list)
      dataset.nearsideBy = outcome.by
      if (outcome.why) dataset.nearsideWhy = outcome.why
      if (outcome.requestId) dataset.nearsideRequest = outcome.requestId
      if (outcome.fixed) dataset.nearsideFixed = `${outcome.fixed}`
      tell({ type: 'list', slot: slotOf(list), ...outcome })
    })
  }
}

type Outcome = Omit<ListEvent, 'type' | 'slot'>

/** Never rejects. If anything goes wrong, the list stays as it is. */
async function decide(nearside: Client, list: HTMLElement): Promise<Outcome> {
  try {
    return await rankList(nearside, list)
  } catch (error) {
    console.error('nearside:', list, error)
    return { by: 'server', why: 'error' }
  }
}

async function rankList(nearside: Client, list: HTMLElement): Promise<Outcome> {
  const items = itemsOf(list)
  if (items.length === 0) return { by: 'server', why: 'empty' }
  if (!items.some(skuOf)) return { by: 'server', why: 'no-ids' }
  const slot = slotOf(list)
  const parents = items.map(parentOf)
  const screen = unseen(items)
  const fixed = (item: Element) => !screen.isFree(item)
  const options = { ...settingsOf(list), slot, key: skuOf, facts: factsOf, score: scoreOf, fixed }
  const { items: ranked, by, why, requestId } = await nearside.rank(items, options)
  if (by === 'device') await screen.known()
  // What the visitor has seen while the device was asked stays in its place too.
  const stay = new Set(items.filter(fixed))
  screen.end()
  if (by === 'server') return { by, why: why!, requestId }

  /** Moves what can be moved. @returns why nothing was moved */
  const move = (): Untouched | undefined => {
    if (stay.size === items.length) return 'seen'
    // If the keyboard's focus is in the list, the visitor is using it, even if it is not in view.
    if (natural(list).contains(natural(document).activeElement)) return 'focus'
    const now = itemsOf(list)
    const same =
      now.length === items.length &&
      now.every((item, i) => item === items[i] && parentOf(item) === parents[i])
    if (!same || !natural(list).isConnected) return 'changed'

    // Items that a rule has removed are last, and leave the list.
    const order = new Set(ranked.map(({ item }) => item))
    const removed = items.filter((item) => !order.has(item) && !stay.has(item))
    const queue = [...order, ...removed].filter((item) => !stay.has(item))
    const wanted = items.map((item) => (stay.has(item) ? item : queue.shift()!))
    const places = () => Array.from(stay, placeOf).join()
    const before = places()
    if (!reorder(items, wanted)) return 'changed'
    // In columns, items below the screen can hold others in their places.
    if (places() !== before && reorder(wanted, items)) return 'seen'
    for (const item of removed) natural(item).remove()
  }

  const untouched = move()
  const outcome = untouched ? 'server' : by
  // The engine knows its own answer. What is on the page may differ.
  if (untouched || stay.size > 0)
    nearside.shown({ requestId, slot, by: outcome, ids: itemsOf(list).map(skuOf) })
  return { by: outcome, why: untouched!, requestId, fixed: untouched ? 0 : stay.size }
}

function placeOf(item: Element): string {
  const { x, y } = natural(item).getBoundingClientRect()
  return `${x},${y}`
}
