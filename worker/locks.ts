/**
 * Who may touch the disk, among all tabs of the origin: any number of tabs may write at once, or one may erase. So a write
 * that began before an erasure is over when the erasure begins, and every later write asks anew whether it may.
 * Browsers have had Web Locks since March 2022; without them (an insecure page) a tab is on its own.
 */
export interface Locks {
  /**
   * Beside other writers, never beside an erasure. If an erasure did not wait any longer for the work, the work is run again
   * after it, so it must ask again whether it may write.
   */
  shared<T>(work: () => Promise<T>): Promise<T>
  /** Beside nothing. A tab that is frozen in the midst of a write delays it by two seconds at most. */
  alone<T>(work: () => Promise<T>): Promise<T>
}

const PATIENCE_MS = 2000

/** @param name of the lock */
export function webLocks(name: string): Locks {
  const locks = globalThis.navigator?.locks
  if (!locks) return { shared: (work) => work(), alone: (work) => work() }
  type Work<T> = () => Promise<T>

  /** Runs the work under the lock. Another tab may steal the lock meanwhile; then `stolen` gets the running work. */
  async function hold<T>(options: LockOptions, work: Work<T>, stolen: (running: Promise<T>) => Promise<T>) {
    let running: Promise<T> | undefined
    try {
      return await locks.request(name, options, () => {
        running = work()
        return running
      })
    } catch (error) {
      const failed = await running?.then(
        () => false,
        (cause) => cause === error,
      )
      if (failed !== false) throw error
      return stolen(running!)
    }
  }

  const shared = <T>(work: Work<T>): Promise<T> => hold({ mode: 'shared' }, work, () => shared(work))
  const alone = <T>(work: Work<T>, options: LockOptions = { signal: AbortSignal.timeout(PATIENCE_MS) }) =>
    // Two erasures beside each other do no harm.
    hold(options, work, (running) => running)

  return {
    shared,
    alone: (work) =>
      alone(work).catch((error) => {
        if ((error as Error).name !== 'TimeoutError') throw error
        return alone(work, { steal: true })
      }),
  }
}
