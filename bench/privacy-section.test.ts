import { expect, test } from 'vitest'
import { fillSection } from './privacy-section.js'

test('the section replaces the one before and leaves the rest of the page alone', () => {
  const first = fillSection('# The model\n', 'old figures')
  expect(first).toContain('## What a pack reveals\n\n<!-- privacy -->\nold figures\n<!-- /privacy -->')
  const second = fillSection(`${first}\n## Next\n`, 'new figures')
  expect(second).toBe(`${first.replace('old', 'new')}\n## Next\n`)
  expect(() => fillSection('<!-- /privacy --> <!-- privacy -->', '')).toThrow('expected "<!-- privacy -->"')
})
