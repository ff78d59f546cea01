/** How lists and their items are marked up. Names in the page may shadow properties of elements, so all reads are `natural`. */
import { natural } from '../lifecycle/natural.js'

export const LIST = '[data-nearside-rank]'
export const ITEM = '[data-nearside-item]'

/** A list within a list has its items to itself, and an item within an item is a part of it. */
export function itemsOf(list: Element): HTMLElement[] {
  return [...natural(list).querySelectorAll<HTMLElement>(ITEM)].filter((item) => {
    const outer = natural(item).parentElement
    const around = outer && natural(outer).closest(ITEM)
    return listOf(item) === list && (!around || around === list || listOf(around) !== list)
  })
}

export function listOf(item: Element): Element | null {
  return natural(item).closest(LIST)
}

export function slotOf(list: Element): string {
  return natural(list as HTMLElement).dataset.nearsideRank ?? ''
}

export function skuOf(item: Element): string {
  return natural(item as HTMLElement).dataset.nearsideItem ?? ''
}
