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
  return data(list, 'nearsideRank')
}

export function skuOf(item: Element): string {
  return data(item, 'nearsideItem')
}

/**
 * How the list is made, as options of `rank`.
 * @throws SyntaxError if the attribute is no JSON
 */
export function settingsOf(list: Element): object {
  return JSON.parse(data(list, 'nearsideRanking') || '{}')
}

/** What the HTML says of an item: all its attributes `data-nearside-…`, by the rest of their names. */
export function factsOf(item: Element): Record<string, unknown> {
  const facts: Record<string, unknown> = {}
  const { dataset } = natural(item as HTMLElement)
  for (const name in dataset) {
    const [, fact] = /^nearside(.+)/.exec(name) ?? []
    if (fact) facts[fact.toLowerCase()] = dataset[name]
  }
  return facts
}

export function scoreOf(item: Element): string {
  return data(item, 'nearsideScore')
}

function data(element: Element, name: string): string {
  return natural(element as HTMLElement).dataset[name] ?? ''
}
