/** Long computations that let timers, signals and messages through now and then. */
import { setImmediate } from 'node:timers/promises'

const EVERY_MS = 40

export class Breath {
  private last = performance.now()

  constructor(private readonly signal?: AbortSignal | undefined) {}

  /** Whether enough time has passed to call `take`: cheaper than awaiting it. */
  due(): boolean {
    return performance.now() - this.last >= EVERY_MS
  }

  /** @throws the signal's reason when it is aborted */
  async take(): Promise<void> {
    await setImmediate()
    this.signal?.throwIfAborted()
    this.last = performance.now()
  }
}
