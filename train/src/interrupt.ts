/** Ctrl-C: the first one asks the work to stop and tidy up, a second one does not wait for that. */

export const INTERRUPTED = 130

/** Runs work that a signal can stop. @throws an `Interrupted` when it was stopped */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  const stop = () => {
    if (controller.signal.aborted) process.exit(INTERRUPTED)
    controller.abort(new Interrupted())
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  try {
    return await work(controller.signal)
  } catch (error) {
    // Whatever came of being stopped half-way.
    throw controller.signal.aborted ? controller.signal.reason : error
  } finally {
    process.off('SIGINT', stop)
    process.off('SIGTERM', stop)
  }
}

export class Interrupted extends Error {
  override readonly name = 'Interrupted'

  constructor() {
    super('stopped; nothing was written')
  }
}
