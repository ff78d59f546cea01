/** Finds lists and their items in the HTML. Names in the page may hide properties of elements, so all reads use `natural`. */
import { natural } from '../lifecycle/natural.js'

export const LIST = '[data-nearside-rank]'
export const ITEM = '[data-nearside-item]'

/** The items of a list. Items of an inner list belong to that list. An item inside an item is a part of the outer one. */
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
