import { expect, test } from 'vitest'
import { fillSection } from './section.js'

test('a section replaces the one before and leaves the rest of the page alone', () => {
  const first = fillSection('# The model\n', 'costs', 'What it costs', 'old figures')
  expect(first).toBe('# The model\n\n## What it costs\n\n<!-- costs -->\n\nold figures\n\n<!-- /costs -->\n')
  const second = fillSection(`${first}\n## Next\n`, 'costs', 'What it costs', 'new figures')
  expect(second).toBe(`${first.replace('old', 'new')}\n## Next\n`)
  expect(() => fillSection('<!-- /costs --> <!-- costs -->', 'costs', '', '')).toThrow(
    'expected "<!-- costs -->"',
  )
})
