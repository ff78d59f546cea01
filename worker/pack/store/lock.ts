/** Allows one writer at a time among all tabs of the origin, if the browser has Web Locks (all browsers since March 2022). */
export async function exclusively<T>(work: () => Promise<T>): Promise<T> {
  const locks = globalThis.navigator?.locks
  return locks ? locks.request('nearside-pack', work) : work()
}
