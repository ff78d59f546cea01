/**
 * Calls back with the items that were at least half in view for a second, each item once: the usual definition of a
 * viewable impression (Media Rating Council).
 */
import { hidden } from '../lifecycle/hidden.js'

const SHARE = 0.5
const SECOND = 1000

export function onImpression(items: readonly Element[], callback: (seen: Element[]) => void): void {
  const since = new Map<Element, number>()
  let reports = 0
  const observer = new IntersectionObserver(
    (entries) => {
      const report = ++reports
      for (const { target, intersectionRatio } of entries) {
        if (intersectionRatio >= SHARE) since.set(target, report)
        else since.delete(target)
      }
      setTimeout(() => {
        const seen = [...since.keys()].filter((item) => since.get(item) === report)
        if (seen.length === 0 || hidden()) return
        for (const item of seen) {
          since.delete(item)
          observer.unobserve(item)
        }
        callback(seen)
      }, SECOND)
    },
    { threshold: SHARE },
  )
  for (const item of items) observer.observe(item)
}
