import { expect, test } from 'vitest'
import { fillSection } from './section.js'

test('a section replaces the one before and leaves the rest of the page alone', () => {
  const page = '# Experiments\n\n<!-- costs -->\n\nold figures\n\n<!-- /costs -->\n\n## Next\n'
  expect(fillSection(page, 'costs', 'new figures')).toBe(page.replace('old', 'new'))
})

test('a page without both markers, in their order, is refused', () => {
  for (const page of ['# Experiments\n', '<!-- costs -->', '<!-- /costs --> <!-- costs -->']) {
    expect(() => fillSection(page, 'costs', '')).toThrow(
      'no section from "<!-- costs -->" to "<!-- /costs -->"',
    )
  }
})
