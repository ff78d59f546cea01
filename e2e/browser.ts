/**
 * Finds a Chromium: one that the machine has, else one from the distribution's packages (as root on Debian and its
 * like), else Playwright's own download.
 */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chromium } from 'playwright'

const installed = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

const find = (): string | undefined => [chromium.executablePath(), ...installed].find((path) => existsSync(path))

const run = (command: string, ...args: string[]) =>
  execFileSync(command, args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })

/** Path of the browser's executable, which is installed first where there is none. Takes minutes then. */
export function findBrowser(): string {
  const found = find()
  if (found) return found
  process.stderr.write('No Chromium on this machine: installing one.\n')
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    try {
      run('apt-get', 'update', '-qq')
      run('apt-get', 'install', '-y', '-qq', '--no-install-recommends', 'chromium')
    } catch {
      // Ubuntu's package is a snap, or there is no mirror: Playwright's own is next.
    }
  }
  if (!find()) run('npx', 'playwright', 'install', '--with-deps', 'chromium')
  const path = find()
  if (!path) throw new Error('Found no Chromium and could not install one. Install it and run this again.')
  return path
}
