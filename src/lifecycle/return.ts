/**
 * Calls back when the page may have missed something: it comes back from the back/forward cache or out of a frozen tab, it
 * comes into view, a prerendered page is opened, or another tab has written to localStorage.
 * https://developer.chrome.com/docs/web-platform/page-lifecycle-api
 */
import { onVisible } from './activation.js'

export function onReturn(callback: () => void, signal: AbortSignal): void {
  addEventListener('pageshow', ({ persisted }) => persisted && callback(), { signal })
  // `resume` is an event of the document and does not bubble.
  for (const type of ['resume', 'storage']) {
    addEventListener(type, callback, { signal, capture: true })
  }
  onVisible(callback, signal)
}
