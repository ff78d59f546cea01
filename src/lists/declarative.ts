/**
 * Lists that the server has rendered and marked up:
 *
 *     <ul data-nearside-rank="home"> <li data-nearside-item="sku1">… <li data-nearside-item="sku2">… </ul>
 *
 * Each list is re-ordered at most once, and only while none of its items has been on the screen, so nobody sees anything
 * move. A list is re-ordered as a whole or not touched at all. Then `data-nearside-by` on the list says who ordered it:
 * `device`, or `server` if the list was left as it came. In that case `data-nearside-why` says why. `data-nearside-request`
 * is the `requestId` of its ranking.
 */
import type { ListEvent } from '../api.js'
import type { Client } from '../client.js'
import { whenActivated } from '../lifecycle/activation.js'
import { natural } from '../lifecycle/natural.js'
import { itemsOf, LIST, skuOf, slotOf } from './markup.js'
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
      tell({ type: 'list', slot: slotOf(list), ...outcome })
    })
  }
}

type Outcome = Omit<ListEvent, 'type' | 'slot'>

/** Never rejects. If anything goes wrong, the list stays as it is. */
async function decide(nearside: Client, list: HTMLElement): Promise<Outcome> {
  try {
    await whenActivated()
    return await rankList(nearside, list)
  } catch (error) {
    console.error('nearside:', error)
    return { by: 'server', why: 'error' }
  }
}

async function rankList(nearside: Client, list: HTMLElement): Promise<Outcome> {
  const items = itemsOf(list)
  if (items.length === 0) return { by: 'server', why: 'empty' }
  if (!items.some(skuOf)) return { by: 'server', why: 'no-ids' }
  const parents = items.map(parentOf)
  const screen = unseen(items)
  const { items: ranked, by, why, requestId } = await nearside.rank(items, { slot: slotOf(list), key: skuOf })
  const free = by === 'device' && (await screen.stillUnseen())
  screen.end()

  if (by === 'server') return { by, why: why!, requestId }
  /** Reports that the device had an order, but the server's order stays on the page. */
  const left = (reason: ListEvent['why']): Outcome => {
    nearside.shown({ requestId, slot: slotOf(list), by: 'server', ids: itemsOf(list).map(skuOf) })
    return { by: 'server', why: reason!, requestId }
  }
  if (!free) return left('seen')
  // If the keyboard's focus is in the list, the visitor is using it, even if it is not in view.
  if (natural(list).contains(natural(document).activeElement)) return left('focus')
  const now = itemsOf(list)
  const same =
    now.length === items.length && now.every((item, i) => item === items[i] && parentOf(item) === parents[i])
  if (!same || !natural(list).isConnected) return left('changed')
  const wanted = ranked.map(({ item }) => item)
  return reorder(items, wanted) ? { by: 'device', requestId } : left('changed')
}
