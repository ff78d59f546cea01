/**
 * Reports items that were at least half in view for one second, each item once. This is the usual definition of a viewable
 * impression (Media Rating Council). Time counts only while the page itself is in view. So a prerendered page and a
 * background tab have no impressions until they come into view.
 */
import { onVisible, visible } from '../lifecycle/activation.js'

const SHARE = 0.5
const SECOND = 1000

/**
 * @param seen is called with the items that completed their second at the same time
 * @returns a function that starts to watch items; items that are watched already are ignored
 */
export function impressions(seen: (items: Element[]) => void): (items: readonly Element[]) => void {
  const watched = new WeakSet<Element>()
  /** Items that are half in view, each with the number of its running count. */
  const inView = new Map<Element, number>()
  let counts = 0

  const count = (items: readonly Element[]) => {
    if (items.length === 0) return
    const mine = ++counts
    for (const item of items) inView.set(item, mine)
    setTimeout(() => {
      const done = items.filter((item) => inView.get(item) === mine)
      // If the page is hidden now, the count starts again when the page is back in view.
      if (done.length === 0 || !visible()) return
      for (const item of done) {
        inView.delete(item)
        observer.unobserve(item)
      }
      seen(done)
    }, SECOND)
  }

  const observer = new IntersectionObserver(
    (entries) => {
      const came: Element[] = []
      for (const { target, intersectionRatio } of entries) {
        if (intersectionRatio >= SHARE) came.push(target)
        else inView.delete(target)
      }
      count(came)
    },
    { threshold: SHARE },
  )
  onVisible(() => count([...inView.keys()]))

  return (items) => {
    for (const item of items) {
      if (watched.has(item)) continue
      watched.add(item)
      observer.observe(item)
    }
  }
}
