/** Acts and markup for scenarios with declarative lists. They also work if names in the page hide properties of `document`. */
import { LAMPS, mixed } from './goods.js'
import type { Stage, Tab } from './scenario.js'
import { shop } from './shop.js'

export const IDS = mixed(24)

/** A script tag with a long timeout, so that a slow machine does not change the result. */
export const TAG =
  '<script async src="/nearside/nearside.js" data-pack="/packs/shop/" data-timeout="9000"></script>'

export const above = (pixels: number) => `<p style="height: ${pixels}px; margin: 0">above</p>`
export const below = '<p style="height: 3000px">below</p>'

export const all = (selector: string): HTMLElement[] =>
  [...Document.prototype.querySelectorAll.call(document, selector)] as HTMLElement[]

const attribute = (element: Element, name: string) => Element.prototype.getAttribute.call(element, name)

export const lists = {
  ...shop,

  /** Items in the order of the document. */
  order: (within = '') =>
    all(`${within} [data-nearside-item]`).map((item) => attribute(item, 'data-nearside-item')),

  /** Who ordered the list, `device` or `server`, and why. */
  async decided(selector = '[data-nearside-rank]') {
    for (let i = 0; i < 400; i++) {
      const list = all(selector)[0]
      const by = list && attribute(list, 'data-nearside-by')
      if (by) return [by, attribute(list, 'data-nearside-why')]
      await new Promise((resolve) => setTimeout(resolve, 25))
    }
    return undefined
  },

  /** The comments in the page's body. The test page has none of its own. */
  comments() {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_COMMENT)
    let comments = 0
    while (walker.nextNode()) comments++
    return comments
  },
}

/** A visitor who has granted and likes lamps. The next page knows that. */
export async function likesLamps<A extends typeof lists>({ open, page }: Stage<A>): Promise<Tab<A>> {
  const tab = await open(page())
  const shop = tab as unknown as Tab<typeof lists>
  await shop.run('create', { consent: 'granted' })
  await shop.run('ready')
  await shop.run('view', ...LAMPS)
  return tab
}
