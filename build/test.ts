/**
 * `npm test` runs the unit tests, then the scenarios in a real browser. At the end, one line counts both:
 *
 *     123 passed, 0 failed
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { program, start } from './program.js'
import { vitest } from './vitest.js'

await start(
  program('npm test --')
    .description(
      'Runs all tests: first the unit tests, then the scenarios in a real Chromium. The last line counts both. Takes 5 to ' +
        '10 minutes. Builds `dist` first; a Chromium is installed where the machine has none. The exit status is 1 when a ' +
        'test failed.',
    )
    .addHelpText(
      'after',
      `
Parts of it:
  npx vitest run worker/rank     the unit tests of one folder
  npm run e2e -- -t consent      the scenarios with "consent" in their name`,
    )
    .action(run),
)

async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'nearside-test-'))
  let passed = 0
  let failed = 0
  try {
    for (const config of ['vitest.config.ts', 'e2e/vitest.config.ts']) {
      const report = join(folder, config.replaceAll('/', '-'))
      const status = await vitest([
        ...['--config', config],
        ...['--reporter=default', '--reporter=json', `--outputFile=${report}`],
      ])
      try {
        const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'))
        passed += numPassedTests
        // A file that does not load has no tests that could fail, so it counts as one failure.
        failed += numFailedTests || (status === 0 ? 0 : 1)
      } catch {
        failed++
      }
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
  console.log(`\n${passed} passed, ${failed} failed`)
  process.exitCode = failed > 0 ? 1 : 0
}
