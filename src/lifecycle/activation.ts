/**
 * Tells when a page begins to count. A prerendered page (https://developer.chrome.com/docs/web-platform/prerender-pages)
 * loads and runs before the visitor asks for it, and may never be shown. It becomes active when the visitor opens it.
 * A tab in the background is active, but nobody sees it.
 */
import { listen } from './listen.js'
import { natural } from './natural.js'

/** Whether the page is prerendered and the visitor has not opened it yet. */
export function prerendering(): boolean {
  return (
    typeof document !== 'undefined' &&
    (natural(document) as Document & { prerendering?: boolean }).prerendering === true
  )
}

/** Resolves when the visitor has opened the page. If it is not prerendered, that is at once. */
export function whenActivated(): Promise<void> {
  return new Promise((resolve) => {
    if (!prerendering()) return resolve()
    listen('prerenderingchange', () => resolve())
  })
}

/** Calls back each time the page comes into view, also when a prerendered page is opened. */
export function onVisible(callback: () => void, signal?: AbortSignal): void {
  // Both events are needed: Chromium sends the first while the page still counts as prerendered.
  listen('visibilitychange prerenderingchange', () => visible() && callback(), signal)
}

/** Whether the page is or was in view. A page that was never in view has not been painted yet. */
export function seen(): boolean {
  try {
    return visible() || performance.getEntriesByType('paint').length > 0
  } catch {
    // Another script has broken `performance`. Count the page as seen: one event too many is better than one too few.
    return true
  }
}

/** Resolves when the page comes into view. */
export function whenVisible(): Promise<void> {
  return new Promise((resolve) => onVisible(resolve))
}

/** Whether the page is in view. A prerendered page is not. */
export function visible(): boolean {
  return natural(document).visibilityState === 'visible' && !prerendering()
}
