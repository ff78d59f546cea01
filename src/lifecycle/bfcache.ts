/**
 * Calls back when the page comes back from the back/forward cache (https://web.dev/articles/bfcache): it was frozen,
 * its worker too, and has missed whatever other pages did meanwhile.
 */
export function onRestore(callback: () => void, signal: AbortSignal): void {
  addEventListener('pageshow', ({ persisted }) => persisted && callback(), { signal })
}
