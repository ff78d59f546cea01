/**
 * Whether any of a list's items has been on the screen. Two witnesses: an IntersectionObserver from the first moment
 * on, for what was seen and scrolled away again, and the items' own place at the last moment, as an observer's report
 * is a frame late.
 */

import { hidden } from '../lifecycle/hidden.js'

/** Pixels. A finger scrolls on another thread: what it moves into view now, this thread learns with the next frame. */
const MARGIN = 48

export interface Unseen {
  /** Resolves when nothing can be said against moving the items now: true; or something can: false. */
  stillUnseen(): Promise<boolean>
  end(): void
}

export function unseen(items: readonly Element[]): Unseen {
  let seen = false
  let report: () => void
  // All items are reported once with the next frame, which a hidden page does not have.
  const reported = new Promise<void>((resolve) => {
    report = resolve
  })
  const observer = new IntersectionObserver((entries) => {
    seen ||= entries.some(({ isIntersecting }) => isIntersecting)
    report()
  })
  for (const item of items) observer.observe(item)

  return {
    async stillUnseen() {
      if (neverPainted()) return true
      await reported
      return !seen && items.every(belowOrUnrendered)
    },
    end: () => observer.disconnect(),
  }
}

/** A tab opened in the background, or prerendered: nobody has seen anything yet, wherever on the page it is. */
function neverPainted(): boolean {
  return hidden() && performance.getEntriesByType('paint').length === 0
}

/**
 * Below the screen, where moving items shifts nothing that is in view. An item above it may change the height of what
 * is scrolled past, and with it move everything; one that has no box moves nothing.
 */
function belowOrUnrendered(item: Element): boolean {
  return item.getClientRects().length === 0 || item.getBoundingClientRect().top >= innerHeight + MARGIN
}
