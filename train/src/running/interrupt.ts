/**
 * Handles Ctrl-C and SIGTERM. The first Ctrl-C asks the work to stop and clean up. If the work already has something
 * worth saving, it is asked to finish with that instead. A second Ctrl-C exits at once. SIGTERM comes from machines,
 * which do not want an incomplete result, so it always stops the work.
 */

/** The exit code after Ctrl-C, as in shells: 128 + SIGINT. */
export const INTERRUPTED = 130

/**
 * The terminal sends Ctrl-C to every process, and `npm run` then passes it on once more. Signals within this time count
 * as the same key press.
 */
const SAME_MS = 500

/**
 * Work calls this once it has something worth saving. From then on, the first Ctrl-C calls `finish` and does not
 * abort.
 */
export type OnInterrupt = (finish: () => void) => void

/**
 * Runs work that a signal can stop.
 * @throws {Interrupted} when it was stopped
 */
export async function interruptible<T>(
  work: (signal: AbortSignal, onInterrupt: OnInterrupt) => Promise<T>,
): Promise<T> {
  const controller = new AbortController()
  let finish: (() => void) | undefined
  let first = Number.NaN
  const stop = (mayFinish: boolean) => {
    const now = performance.now()
    if (now - first < SAME_MS) return
    if (first >= 0) process.exit(INTERRUPTED)
    first = now
    if (finish && mayFinish) finish()
    else controller.abort(new Interrupted())
  }
  const interrupted = () => stop(true)
  const terminated = () => stop(false)
  process.on('SIGINT', interrupted)
  process.on('SIGTERM', terminated)
  try {
    return await work(controller.signal, (given) => {
      finish = given
    })
  } catch (error) {
    // Work that is stopped may fail with any error. What the caller needs to know is that it was stopped.
    throw controller.signal.aborted ? controller.signal.reason : error
  } finally {
    process.off('SIGINT', interrupted)
    process.off('SIGTERM', terminated)
  }
}

export class Interrupted extends Error {
  override readonly name = 'Interrupted'

  constructor() {
    super('stopped; nothing was written')
  }
}
