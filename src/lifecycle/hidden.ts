import { listen } from './listen.js'
import { natural } from './natural.js'

/**
 * Calls back each time the page is hidden, because it may never be seen again. `visibilitychange` is the last event that
 * mobile browsers reliably send (https://developer.chrome.com/docs/web-platform/page-lifecycle-api). On a navigation, older
 * Safari sent only `pagehide` (https://webkit.org/b/151234).
 *
 * @param callback is told whether the page is being left; it then runs again only if it comes back from the back/forward cache
 */
export function onHidden(callback: (leaving: boolean) => void, signal: AbortSignal): void {
  listen('pagehide', () => callback(true), signal)
  listen('visibilitychange', () => hidden() && callback(false), signal)
}

export function hidden(): boolean {
  return natural(document).visibilityState === 'hidden'
}
