/** Runs every scenario of this folder in Chromium. */
import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium } from 'playwright'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { bundleActs } from './acts.js'
import { browserOptions } from './browser.js'
import type { Scenario } from './scenario.js'
import { onStage } from './stage.js'

const folder = join(dirname(fileURLToPath(import.meta.url)), 'scenarios')
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.ts'),
)

const launch = ({ flags = [], withoutFlags = [] }: Pick<Scenario, 'flags' | 'withoutFlags'> = {}) => {
  const options = browserOptions()
  return chromium.launch({ ...options, args: [...options.args, ...flags], ignoreDefaultArgs: withoutFlags })
}

let shared: Browser
beforeAll(async () => {
  shared = await launch()
})
afterAll(() => shared.close())

for (const file of files.sort()) {
  const path = join(folder, file)
  const { default: scenario } = (await import(path)) as { default: Scenario }
  describe(scenario.name, () => {
    let script: string
    let browser: Browser
    beforeAll(async () => {
      script = await bundleActs(path)
      browser = scenario.flags || scenario.withoutFlags ? await launch(scenario) : shared
    })
    afterAll(async () => {
      if (browser !== shared) await browser.close()
    })
    for (const [name, drive] of Object.entries(scenario.tests)) {
      test(name, () => onStage(browser, script, drive))
    }
  })
}
