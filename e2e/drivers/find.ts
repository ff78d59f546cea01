/** Finds the browsers of this machine that scenarios can run in. */
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium, firefox } from 'playwright'
import { browserOptions } from '../browser.js'
import type { Scenario } from '../scenario.js'
import type { Driver } from './driver.js'
import { onPlaywright } from './playwright.js'
import { onWebKit } from './webdriver.js'

type Switches = Pick<Scenario, 'flags' | 'withoutFlags'>

export interface Found {
  launch(switches?: Switches): Promise<Driver>
}

/** @returns a browser, or a text that says how to get it */
export function find(name: string): Found | string {
  if (name === 'chromium') return { launch: launchChromium }
  if (name === 'firefox') {
    const executablePath = program('firefox', 'firefox-esr')
    if (!executablePath) return 'put firefox or firefox-esr on the PATH (Debian: apt install firefox-esr)'
    // The published browser, over WebDriver BiDi. Playwright's own Firefox is patched.
    const launch = async () => onPlaywright(await firefox.launch({ channel: 'moz-firefox', executablePath }))
    return { launch }
  }
  if (name === 'webkit') {
    const driver = program('WebKitWebDriver')
    const browser = MINI_BROWSERS.find(existsSync)
    const xvfb = program('Xvfb')
    if (!driver || !browser || !(xvfb || process.env.DISPLAY || process.env.WAYLAND_DISPLAY)) {
      return 'install WebKitGTK with its driver, and Xvfb (Debian: apt install webkit2gtk-driver xvfb)'
    }
    return { launch: () => onWebKit({ driver, browser, xvfb }) }
  }
  throw new Error(`--browser ${name}: expected chromium, firefox or webkit`)
}

const MINI_BROWSERS = ['x86_64', 'aarch64'].map(
  (machine) => `/usr/lib/${machine}-linux-gnu/webkit2gtk-4.1/MiniBrowser`,
)

function program(...names: string[]): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(existsSync)
}

async function launchChromium({ flags = [], withoutFlags = [] }: Switches = {}): Promise<Driver> {
  const options = browserOptions()
  return onPlaywright(
    await chromium.launch({
      ...options,
      args: [...options.args, ...flags],
      ignoreDefaultArgs: withoutFlags,
    }),
  )
}
