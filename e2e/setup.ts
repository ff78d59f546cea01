/** Before the tests: a browser, and what is published, as it is now. Both may take minutes on a new machine. */
import { execFileSync } from 'node:child_process'
import { browserOptions } from './browser.js'

export default function setup(): void {
  // Other browsers are run where they are, and not installed.
  if ((process.env.E2E_BROWSER ?? 'chromium') === 'chromium') browserOptions()
  execFileSync('npm', ['run', '--silent', 'build'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  })
}
