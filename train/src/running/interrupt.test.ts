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

/** Emits signals so many ms apart while some work waits for being stopped. */
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

test('Ctrl-C lets work finish that has something to save; a second one does not', async () => {
  let finished = () => {}
  const asked = vi.fn()
  const running = interruptible(
    (_, onInterrupt) =>
      new Promise<string>((resolve) => {
        finished = () => resolve('saved')
        onInterrupt(asked)
      }),
  )
  // The same key press, handed on by npm.
  signals(['SIGINT', 0], ['SIGINT', 5])
  expect(asked).toHaveBeenCalledOnce()
  expect(exit).not.toHaveBeenCalled()
  signals(['SIGINT', 2000])
  expect(exit).toHaveBeenCalledWith(INTERRUPTED)
  finished()
  expect(await running).toBe('saved')
})

test('SIGTERM never makes half of a result', async () => {
  const running = interruptible((signal, onInterrupt) => {
    onInterrupt(() => expect.fail('asked to finish'))
    return stopped(signal)
  })
  signals(['SIGTERM', 0])
  await expect(running).rejects.toThrow(Interrupted)
})
