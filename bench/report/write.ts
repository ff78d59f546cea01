/** Writes what `npm run bench` measured: the figures of the README, and the page of all results. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fillSection } from '../pages/section.js'
import { ROOT } from '../script/results.js'
import { readmeBlocks, resultsPage } from './report.js'
import type { Results } from './results.js'

/** @throws {Error} when the README lacks a section, before anything is written */
export function writeReport(results: Results): void {
  const readme = join(ROOT, 'README.md')
  const filled = Object.entries(readmeBlocks(results)).reduce(
    (page, [name, text]) => fillSection(page, name, text),
    readFileSync(readme, 'utf8'),
  )
  writeFileSync(readme, filled)
  writeFileSync(join(ROOT, 'bench/results/RESULTS.md'), resultsPage(results))
}
