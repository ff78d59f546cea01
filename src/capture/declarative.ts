/**
 * Tracks impressions and clicks in declarative lists (see `lists/declarative.ts`). Each event has the list's name as its
 * slot, and the `requestId` of the request that ordered the list.
 */
import type { Nearside } from '../api.js'
import { natural } from '../lifecycle/natural.js'
import { ITEM, itemsOf, LIST, listOf, skuOf, slotOf } from '../lists/markup.js'
import type { ListPart } from '../lists/part.js'
import { onChoice } from './clicks.js'
import { impressions } from './impressions.js'

let watch: ReturnType<typeof impressions> | undefined

/** Watches the lists that are new in the document. */
export const takeUp: ListPart['takeUp'] = (nearside) => {
  watch ??= begin(nearside)
  for (const list of natural(document).querySelectorAll(LIST)) watch(itemsOf(list))
}

/** @returns a function that watches items */
function begin(nearside: Nearside): ReturnType<typeof impressions> {
  const track = (name: string, list: Element, items: Element[]) =>
    nearside.track(name, {
      slot: slotOf(list),
      requestId: natural(list as HTMLElement).dataset.nearsideRequest,
      items: items.map((item) => ({ item_id: skuOf(item) })),
    })

  onChoice(ITEM, (item, link) => {
    const list = listOf(item)
    if (list && natural(list).contains(link)) track('select_item', list, [item])
  })
  return impressions((seen) => {
    for (const list of new Set(seen.map(listOf))) {
      if (list)
        track(
          'view_item_list',
          list,
          seen.filter((item) => listOf(item) === list),
        )
    }
  })
}
