/** `npm --prefix bench run pages`: writes the docs again from what was measured, after a change of their text. */
import { program, start } from '../build/program.js'
import { writeSection } from './pages/section.js'
import { writeQuality } from './quality/page.js'
import type { Results } from './report/results.js'
import { writeReport } from './report/write.js'
import { readResults } from './script/results.js'
import { SECTIONS } from './sections.js'

await start(
  program('npm --prefix bench run pages --')
    .description(
      'Writes docs/quality.md, the measured sections of docs/experiments.md, docs/ranking.md and docs/privacy.md, the figures of README.md ' +
        'and bench/results/RESULTS.md again from the JSON files of bench/results. Measures nothing, and takes a second.',
    )
    .addHelpText('after', '\nExample:\n  npm --prefix bench run pages')
    .action(() => {
      writeQuality()
      for (const { page, name, text } of SECTIONS) writeSection(page, name, text())
      writeReport(readResults<Results>('RESULTS.json'))
    }),
)
