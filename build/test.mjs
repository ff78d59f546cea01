/**
 * `npm test`: the unit tests, then the scenarios in a real browser, and at the end one line that counts both:
 *
 *     123 passed, 0 failed
 */
import './node-version.mjs'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const folder = mkdtempSync(join(tmpdir(), 'nearside-test-'))
let passed = 0
let failed = 0

for (const config of ['vitest.config.ts', 'e2e/vitest.config.ts']) {
  const report = join(folder, config.replaceAll('/', '-'))
  const { status } = spawnSync(
    process.execPath,
    [
      'node_modules/vitest/vitest.mjs',
      'run',
      '--config',
      config,
      '--reporter=default',
      '--reporter=json',
      `--outputFile=${report}`,
    ],
    { stdio: 'inherit' },
  )
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'))
    passed += numPassedTests
    // A file that does not even load has no tests to fail.
    failed += numFailedTests || (status === 0 ? 0 : 1)
  } catch {
    failed++
  }
}
rmSync(folder, { recursive: true })

console.log(`\n${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0
