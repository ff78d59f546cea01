/**
 * Finds a Chromium for tests and benchmarks. It takes one that is already on the machine. Otherwise it installs Debian's
 * package if it may, or else Playwright's own download.
 *
 *     const browser = await chromium.launch(browserOptions())
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'
import { chromium } from 'playwright'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const MAC = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'

/** Asks for the version, because the path may lead to something else, such as Ubuntu's script that asks for snap. */
function works(path: string): boolean {
  try {
    return (
      existsSync(path) &&
      /\d+\.\d+/.test(execFileSync(path, ['--version'], { encoding: 'utf8', stdio: 'pipe' }))
    )
  } catch {
    return false
  }
}

function installed(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  const onPath = folders.flatMap((folder) => NAMES.map((name) => join(folder, name)))
  return [chromium.executablePath(), ...onPath, MAC].find(works)
}

/** Runs a command. Progress goes to stderr, because the caller's stdout may be a report. */
function run(command: string, ...args: string[]): void {
  execFileSync(command, args, { stdio: ['ignore', 2, 2] })
}

function install(): void {
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : ''
  if (process.getuid?.() === 0 && /^ID=debian$/m.test(release)) {
    run('apt-get', 'update', '-qq')
    run('apt-get', 'install', '-y', '-qq', '--no-install-recommends', 'chromium')
  } else {
    const playwright = dirname(createRequire(import.meta.url).resolve('playwright/package.json'))
    run(process.execPath, join(playwright, 'cli.js'), 'install', 'chromium')
  }
}

/**
 * Options for Playwright's `chromium.launch` and `launchPersistentContext`.
 * @throws {Error} if no browser is found and none can be installed
 */
export function browserOptions(): { executablePath: string; args: string[] } {
  let executablePath = installed()
  if (!executablePath) {
    install()
    executablePath = installed()
  }
  if (!executablePath) {
    throw new Error(`no Chromium on this machine: put one of ${NAMES.join(', ')} on the PATH`)
  }
  // Chromium's sandbox does not start for root. Such machines usually have no GPU, so Chromium need not look for one.
  const root = process.getuid?.() === 0 ? ['--no-sandbox', '--disable-gpu'] : []
  return { executablePath, args: ['--disable-background-networking', ...root] }
}
