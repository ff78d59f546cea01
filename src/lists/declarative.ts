/**
 * Lists that the server has rendered and marked up:
 *
 *     <ul data-nearside-rank="home"> <li data-nearside-item="sku1">… <li data-nearside-item="sku2">… </ul>
 *
 * Each is re-ordered once, and only while none of its items has been on the screen: nobody sees anything move. A list
 * is re-ordered as a whole or not touched at all. `data-nearside-by` on the list says what became of it: `device`, or
 * `server` where the order was left as it came; then `data-nearside-why` says why. `data-nearside-request` is the name by
 * which the engine knows the list.
 */
import type { ListEvent } from '../api.js'
import type { Client } from '../client.js'
import { whenActivated } from '../lifecycle/activation.js'
import { natural } from '../lifecycle/natural.js'
import { itemsOf, LIST, skuOf, slotOf } from './markup.js'
import { parentOf, reorder } from './reorder.js'
import { unseen } from './unseen.js'

/**
 * @param tell is told what became of each list
 * @returns a function that ranks the lists of the document that are new since its last call
 */
export function declarativeLists(nearside: Client, tell: (event: ListEvent) => void): () => void {
  const pending = new WeakSet<Element>()
  return () => {
    for (const list of natural(document).querySelectorAll<HTMLElement>(LIST)) {
      const { dataset } = natural(list)
      // A page that is shown again from a copy, as Turbo does, has lists that were decided before.
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
}

type Outcome = Omit<ListEvent, 'type' | 'slot'>

/** Never rejects: whatever goes wrong, the list stays as it is. */
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
  /** The device had an order, but the server's stays on the page. */
  const left = (reason: ListEvent['why']): Outcome => {
    nearside.shown({ requestId, slot: slotOf(list), by: 'server', ids: itemsOf(list).map(skuOf) })
    return { by: 'server', why: reason!, requestId }
  }
  if (!free) return left('seen')
  // Whoever has the keyboard in the list is in it, whether it is in view or not.
  if (natural(list).contains(natural(document).activeElement)) return left('focus')
  const now = itemsOf(list)
  const same =
    now.length === items.length && now.every((item, i) => item === items[i] && parentOf(item) === parents[i])
  if (!same || !natural(list).isConnected) return left('changed')
  const wanted = ranked.map(({ item }) => item)
  return reorder(items, wanted) ? { by: 'device', requestId } : left('changed')
}
