/**
 * Reports the clicks that choose an item: clicks on a link to another page. A button in an item means something else,
 * which the shop tracks itself. The same holds for a link that only runs a script, jumps within the page, or opens a
 * mail or phone program.
 */
import { listen } from '../lifecycle/listen.js'
import { natural } from '../lifecycle/natural.js'

/** Links that lead to no other page: no address, a place within the page, or a scheme other than http(s). */
const NOWHERE = /^\s*(#|$|(?!https?:)[a-z][a-z\d+.-]*:)/i

/**
 * @param item selector of an item
 * @param chosen is called with the item and the link
 */
export function onChoice(item: string, chosen: (item: Element, link: Element) => void): void {
  const clicked = ({ target, button }: MouseEvent) => {
    if (!(target instanceof Element) || button > 1) return
    const link = natural(target).closest('a[href]')
    const found = natural(target).closest(item)
    if (found && link && !NOWHERE.test(natural(link).getAttribute('href') ?? '')) chosen(found, link)
  }
  // In the capture phase, where the shop's own listeners cannot stop the event. `auxclick`: the middle button opens a tab.
  listen('click auxclick', clicked)
}
