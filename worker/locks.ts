/**
 * Who may touch the disk, among all tabs of the origin: any number of tabs may write at once, or one may erase. So a write
 * that began before an erasure is over when the erasure begins, and every later write asks anew whether it may.
 * Browsers have had Web Locks since March 2022; without them (an insecure page) a tab is on its own.
 */
export interface Locks {
  /** Beside other writers, never beside an erasure. */
  shared<T>(work: () => Promise<T>): Promise<T>
  /** Beside nothing. A tab that is frozen in the midst of a write delays it by two seconds at most. */
  alone<T>(work: () => Promise<T>): Promise<T>
}

const PATIENCE_MS = 2000

/** @param name of the lock */
export function webLocks(name: string): Locks {
  const locks = globalThis.navigator?.locks
  if (!locks) return { shared: (work) => work(), alone: (work) => work() }
  return {
    shared: (work) => locks.request(name, { mode: 'shared' }, work),
    alone: (work) =>
      locks.request(name, { signal: AbortSignal.timeout(PATIENCE_MS) }, work).catch((error) => {
        if ((error as Error).name !== 'TimeoutError') throw error
        return locks.request(name, { steal: true }, work)
      }),
  }
}
