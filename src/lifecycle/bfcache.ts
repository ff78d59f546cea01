/**
 * Calls back when the page comes back from the back/forward cache (https://web.dev/articles/bfcache): it was frozen,
 * its worker too, and has missed whatever other pages did meanwhile.
 *
 * @returns a function that ends it
 */
export function onRestore(callback: () => void): () => void {
  const shown = (event: PageTransitionEvent) => event.persisted && callback()
  addEventListener('pageshow', shown)
  return () => removeEventListener('pageshow', shown)
}
