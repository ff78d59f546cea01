/** Lets a long computation pause now and then, so that timers, signals and messages are handled. */
import { setImmediate } from 'node:timers/promises'

const EVERY_MS = 40

export class Breath {
  private last = performance.now()

  constructor(private readonly signal?: AbortSignal | undefined) {}

  /** Whether it is time to call `take` again. Asking this first is cheaper than awaiting `take` each time. */
  due(): boolean {
    return performance.now() - this.last >= EVERY_MS
  }

  /** Pauses. @throws the signal's reason when it is aborted */
  async take(): Promise<void> {
    await setImmediate()
    this.signal?.throwIfAborted()
    this.last = performance.now()
  }
}
