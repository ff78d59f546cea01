import { expect, test } from 'vitest'
import { tellCoverage } from './told.js'

function said(events: number[], chosen: number): string {
  const lines: string[] = []
  const progress = { update() {}, stop() {}, say: (line: string) => lines.push(line) }
  const coverage = [1, 2, 3, 5].map((k, i) => ({ k, items: 0.5, events: events[i]! }))
  tellCoverage(progress, coverage, chosen)
  return lines.join('\n')
}

test('the user is told what k leaves out, and when another k would be better', () => {
  expect(said([1, 0.99, 0.98, 0.95], 3)).toBe(
    'k = 3: 50 % of the items, with 98 % of the events, have a vector of their own (of the events 99 % at 2, 95 % at 5)',
  )
  expect(said([1, 1, 1, 0.999], 3)).toContain('--min-sessions 5 would')
  expect(said([1, 1, 1, 0.999], 5)).not.toContain('would')
  expect(said([1, 0.93, 0.82, 0.57], 3)).toContain('--min-sessions 2 makes better lists')
  expect(said([1, 0.85, 0.82, 0.57], 2)).not.toContain('makes better lists')
})
