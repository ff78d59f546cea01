import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { INTERRUPTED, Interrupted, interruptible } from './interrupt.js'

let now = 0
const exit = vi.fn()
beforeEach(() => {
  vi.spyOn(performance, 'now').mockImplementation(() => now)
  vi.spyOn(process, 'exit').mockImplementation(exit as never)
  exit.mockReset()
})
afterEach(() => vi.restoreAllMocks())

/** Emits signals. Each comes with the ms that pass before it. */
function signals(...sent: [NodeJS.Signals, number][]) {
  for (const [name, later] of sent) {
    now += later
    process.emit(name)
  }
}

const stopped = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(new Error('half-way'))))

test.each(['SIGINT', 'SIGTERM'] as const)('%s stops work that has nothing to save', async (name) => {
  const running = interruptible((signal) => stopped(signal))
  signals([name, 0])
  await expect(running).rejects.toThrow(Interrupted)
  expect(exit).not.toHaveBeenCalled()
})

test('Ctrl-C lets work that has something to save finish; a second Ctrl-C exits at once', async () => {
  let finished = () => {}
  const asked = vi.fn()
  const running = interruptible(
    (_, onInterrupt) =>
      new Promise<string>((resolve) => {
        finished = () => resolve('saved')
        onInterrupt(asked)
      }),
  )
  // The second signal is the same key press, passed on by npm.
  signals(['SIGINT', 0], ['SIGINT', 5])
  expect(asked).toHaveBeenCalledOnce()
  expect(exit).not.toHaveBeenCalled()
  signals(['SIGINT', 2000])
  expect(exit).toHaveBeenCalledWith(INTERRUPTED)
  finished()
  expect(await running).toBe('saved')
})

test('SIGTERM never leads to an incomplete result', async () => {
  const running = interruptible((signal, onInterrupt) => {
    onInterrupt(() => expect.fail('asked to finish'))
    return stopped(signal)
  })
  signals(['SIGTERM', 0])
  await expect(running).rejects.toThrow(Interrupted)
})
