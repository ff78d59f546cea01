/**
 * Calls back each time the page may be seen for the last time. `visibilitychange` is the last event that mobile
 * browsers reliably send (https://developer.chrome.com/docs/web-platform/page-lifecycle-api), `pagehide` the one that
 * Safari sends on a navigation where it used to leave the other out (https://webkit.org/b/151234).
 *
 * @param callback is told whether the page is being left, after which it runs on only from the back/forward cache
 * @returns a function that ends it
 */
export function onHidden(callback: (leaving: boolean) => void): () => void {
  const changed = () => document.visibilityState === 'hidden' && callback(false)
  const leaving = () => callback(true)
  document.addEventListener('visibilitychange', changed)
  addEventListener('pagehide', leaving)
  return () => {
    document.removeEventListener('visibilitychange', changed)
    removeEventListener('pagehide', leaving)
  }
}
