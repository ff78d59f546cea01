/**
 * Which of a list's items have not been seen and can be moved without the visitor noticing. This is checked in two ways. An
 * IntersectionObserver notices items that were seen and scrolled away again. But its reports are a frame late, so the items'
 * positions are also read at the last moment before a move.
 */
import { seen as pageSeen } from '../lifecycle/activation.js'
import { natural } from '../lifecycle/natural.js'

/** Pixels. Scrolling runs on another thread, so this thread learns a frame later what has come into view. */
const MARGIN = 48
/** Milliseconds to wait for the observer. A page in the background draws no frames, and then nothing was seen either. */
const PATIENCE = 1000

export interface Unseen {
  /** Whether the item can be moved now. */
  isFree(item: Element): boolean
  /** Resolves when it is known what has been seen so far. */
  known(): Promise<void>
  end(): void
}

export function unseen(items: readonly Element[]): Unseen {
  const seen = new Set<Element>()
  let report: () => void
  // The first report comes with the next frame and covers all items.
  const reported = new Promise<void>((resolve) => {
    report = resolve
  })
  const observer = new IntersectionObserver((entries) => {
    // What is in view of a page that nobody has opened yet was not seen.
    for (const { target, isIntersecting } of entries) if (isIntersecting && pageSeen()) seen.add(target)
    report()
  })
  for (const item of items) observer.observe(item)

  return {
    // In a tab that was opened in the background, nobody has seen anything yet.
    isFree: (item) => !pageSeen() || (!seen.has(item) && isBelowOrUnrendered(item)),
    known() {
      setTimeout(report, pageSeen() ? PATIENCE : 0)
      return reported
    },
    end: () => observer.disconnect(),
  }
}

/**
 * Whether moving the item shifts nothing that is in view. Below the screen it does not. Above the screen it could change
 * heights there, and so shift what is in view. An item without a box shifts nothing.
 */
function isBelowOrUnrendered(item: Element): boolean {
  const { getClientRects, getBoundingClientRect } = natural(item)
  return getClientRects().length === 0 || getBoundingClientRect().top >= innerHeight + MARGIN
}
