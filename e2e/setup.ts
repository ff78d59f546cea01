/** Before the scenarios: a browser, and the SDK as it is now. Both may take minutes on a new machine. */
import { execFileSync } from 'node:child_process'
import { browserOptions } from './browser.js'

export default function setup(): void {
  browserOptions()
  execFileSync('npx', ['rollup', '-c', 'rollup.config.ts', '--configPlugin', 'esbuild', '--silent'], {
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  })
}
