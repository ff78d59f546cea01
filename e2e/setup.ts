/** Runs before the tests: finds a browser, and builds what is published. Both may take minutes on a new machine. */
import { execFileSync } from 'node:child_process'
import { browserOptions } from './browser.js'

export default function setup(): void {
  // Other browsers are used if they are on the machine, but not installed.
  if ((process.env.E2E_BROWSER ?? 'chromium') === 'chromium') browserOptions()
  execFileSync('npm', ['run', '--silent', 'build'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  })
}
