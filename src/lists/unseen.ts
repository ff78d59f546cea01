/**
 * Whether any of a list's items has been on the screen. There are two witnesses. An IntersectionObserver, from the
 * first moment on, knows what was seen and scrolled away again. Its reports are a frame late, so at the last moment
 * the items' own positions are asked too.
 */
import { seen as pageSeen } from '../lifecycle/activation.js'
import { natural } from '../lifecycle/natural.js'

/** Pixels. Scrolling runs on another thread: what it has just moved into view, this thread learns a frame later. */
const MARGIN = 48
/** Milliseconds to wait for the observer. A page in the background has no frames, and then nothing was seen either. */
const PATIENCE = 1000

export interface Unseen {
  /** Resolves with whether the items can be moved now without anybody noticing. */
  stillUnseen(): Promise<boolean>
  end(): void
}

export function unseen(items: readonly Element[]): Unseen {
  let seen = false
  let report: () => void
  // The first report comes with the next frame and covers all items.
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
      // In a tab opened in the background nobody has seen anything yet, wherever on the page it is.
      if (!pageSeen()) return true
      setTimeout(report, PATIENCE)
      await reported
      return !seen && items.every(belowOrUnrendered)
    },
    end: () => observer.disconnect(),
  }
}

/**
 * Below the screen, where moving items shifts nothing that is in view. Moving an item above the screen could change
 * heights there and so shift what is in view. An item without a box moves nothing.
 */
function belowOrUnrendered(item: Element): boolean {
  const { getClientRects, getBoundingClientRect } = natural(item)
  return getClientRects().length === 0 || getBoundingClientRect().top >= innerHeight + MARGIN
}
