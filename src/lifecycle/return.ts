/**
 * Calls back when the page may have missed a change: it comes back from the back/forward cache, its tab was frozen, it comes
 * into view, a prerendered page is opened, or another tab has written to localStorage.
 * https://developer.chrome.com/docs/web-platform/page-lifecycle-api
 */
import { onVisible } from './activation.js'
import { listen } from './listen.js'

export function onReturn(callback: () => void, signal: AbortSignal): void {
  listen<PageTransitionEvent>('pageshow', ({ persisted }) => persisted && callback(), signal)
  listen('resume storage', callback, signal)
  onVisible(callback, signal)
}
