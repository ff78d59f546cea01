/**
 * Lists that the server has rendered and marked up:
 *
 *     <ul data-nearside-rank="home"> <li data-nearside-item="sku1">… <li data-nearside-item="sku2">… </ul>
 *
 * Each is re-ordered once, and only while none of its items has been on the screen: nobody sees anything move. What
 * became of it stands in `data-nearside-by`: `device`, or `server` where the order was left as it came. Impressions
 * and clicks are tracked with the list's name as their slot.
 */
import type { Nearside } from '../api.js'
import { onImpression } from './impressions.js'
import { reorder } from './reorder.js'
import { unseen } from './unseen.js'

const LIST = '[data-nearside-rank]'
const ITEM = '[data-nearside-item]'

/** Ranks every list of the document and listens for clicks on their items. */
export function rankLists(nearside: Nearside): void {
  for (const list of document.querySelectorAll<HTMLElement>(LIST)) void rankList(nearside, list)
  // While the event goes down, so that the shop's own listeners cannot stop it; the middle button opens a tab.
  const clicked = (event: Event) => trackClick(nearside, event)
  addEventListener('click', clicked, true)
  addEventListener('auxclick', clicked, true)
}

async function rankList(nearside: Nearside, list: HTMLElement): Promise<void> {
  // A list within a list has its items to itself.
  const items = [...list.querySelectorAll<HTMLElement>(ITEM)].filter((item) => item.closest(LIST) === list)
  const slot = list.dataset.nearsideRank ?? ''
  const screen = unseen(items)
  onImpression(items, (seen) =>
    nearside.track('view_item_list', { slot, items: seen.map((item) => ({ item_id: skuOf(item) })) }),
  )
  const { items: ranked, by } = await nearside.rank(items, { slot, key: skuOf })
  // Whoever has the keyboard in the list is in it, whether it is in view or not.
  const free = by === 'device' && (await screen.stillUnseen()) && !list.contains(document.activeElement)
  screen.end()
  if (free) {
    reorder(
      items,
      ranked.map(({ item }) => item),
    )
  }
  list.dataset.nearsideBy = free ? 'device' : 'server'
}

/** Only a click that leads somewhere chooses the item; a button in it means something else, which the shop tracks. */
function trackClick(nearside: Nearside, event: Event): void {
  const { target } = event
  if (!(target instanceof Element) || (event as MouseEvent).button > 1) return
  const item = target.closest(ITEM)
  const list = item?.closest<HTMLElement>(LIST)
  const link = target.closest('a[href]')
  if (!item || !list || !link || !list.contains(link)) return
  nearside.track('select_item', {
    slot: list.dataset.nearsideRank,
    items: [{ item_id: skuOf(item) }],
  })
}

function skuOf(item: Element): string {
  return (item as HTMLElement).dataset.nearsideItem ?? ''
}
