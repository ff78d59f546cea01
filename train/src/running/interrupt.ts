/**
 * Ctrl-C: the first one asks the work to stop and tidy up, or, where the work has something to save by then, to finish
 * with that; a second one does not wait. SIGTERM comes from machines: it never makes work finish with half of a result.
 */

export const INTERRUPTED = 130

/** `npm run` hands on the Ctrl-C that the terminal has already sent to everybody: within so many ms, it is the same one. */
const SAME_MS = 500

/** From then on the first Ctrl-C calls `finish` instead of aborting. */
export type OnInterrupt = (finish: () => void) => void

/** Runs work that a signal can stop. @throws an `Interrupted` when it was stopped */
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
    // Whatever came of being stopped half-way.
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
