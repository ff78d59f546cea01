/**
 * `npm run e2e -- [--browser chromium|firefox|webkit] [vitest's arguments]`: the scenarios in a real browser. Firefox and
 * WebKit run the scenarios that are for every browser, where they are on this machine.
 */
import './node-version.mjs'
import { spawnSync } from 'node:child_process'

const args = process.argv.slice(2)
const at = args.findIndex((arg) => /^--browser(=|$)/.test(arg))
const named = at < 0 ? [] : args.splice(at, args[at].includes('=') ? 1 : 2)
const browser = named.join('=').split('=')[1] ?? 'chromium'
if (!['chromium', 'firefox', 'webkit'].includes(browser)) {
  console.error(`--browser ${browser}: expected chromium, firefox or webkit`)
  process.exit(2)
}

const { status } = spawnSync(
  process.execPath,
  [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--config',
    'e2e/vitest.config.ts',
    '--reporter=verbose',
    ...(browser === 'chromium' ? [] : ['e2e/scenarios.test.ts']),
    ...args,
  ],
  { stdio: 'inherit', env: { ...process.env, E2E_BROWSER: browser } },
)
process.exitCode = status ?? 1
