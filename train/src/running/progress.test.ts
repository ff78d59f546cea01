import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openProgress } from './progress.js'

let written: string[]

beforeEach(() => {
  written = []
  vi.useFakeTimers()
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => written.push(String(text)) > 0)
  process.stderr.isTTY = false
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

test('a phase shows its share and the time left, and work done by an earlier run does not change the time left', () => {
  const progress = openProgress(false)
  progress.update('training', 60, 100, 'loss 3.100')
  vi.advanceTimersByTime(20_000)
  progress.update('training', 70, 100, 'loss 3.000')
  vi.advanceTimersByTime(5_000)
  progress.update('training', 75, 100)
  expect(written).toEqual(['training: 60 %, loss 3.100\n', 'training: 70 %, 60 s left, loss 3.000\n'])
})

test('long times are shown in minutes, and a phase of unknown length has neither share nor time', () => {
  const progress = openProgress(false)
  progress.update('reading', 0, 0)
  vi.advanceTimersByTime(60_000)
  progress.update('reading', 5, 0)
  progress.update('training', 0, 100)
  vi.advanceTimersByTime(600_000)
  progress.update('training', 10, 100)
  expect(written).toEqual(['reading:\n', 'reading:\n', 'training: 0 %\n', 'training: 10 %, 90 min left\n'])
})
