import { listen } from './listen.js'
import { natural } from './natural.js'

/**
 * Calls back each time the page may be seen for the last time. `visibilitychange` is the last event that mobile
 * browsers reliably send (https://developer.chrome.com/docs/web-platform/page-lifecycle-api), `pagehide` the one that
 * Safari sends on a navigation where it used to leave the other out (https://webkit.org/b/151234).
 *
 * @param callback is told whether the page is being left, after which it runs on only from the back/forward cache
 */
export function onHidden(callback: (leaving: boolean) => void, signal: AbortSignal): void {
  listen('pagehide', () => callback(true), signal)
  listen('visibilitychange', () => hidden() && callback(false), signal)
}

export function hidden(): boolean {
  return natural(document).visibilityState === 'hidden'
}
