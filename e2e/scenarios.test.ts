/** Runs every scenario in Chromium. If E2E_BROWSER names another browser, runs those that are marked `everywhere`. */
import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { bundleActs } from './acts.js'
import type { Driver } from './drivers/driver.js'
import { find } from './drivers/find.js'
import type { Scenario } from './scenario.js'
import { onStage } from './stage.js'

const folder = join(dirname(fileURLToPath(import.meta.url)), 'scenarios')
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.ts'),
)

const name = process.env.E2E_BROWSER ?? 'chromium'
const found = find(name)

if (typeof found === 'string') {
  test.skip(`no ${name} on this machine: ${found}`)
} else {
  let shared: Driver
  beforeAll(async () => {
    shared = await found.launch()
  })
  afterAll(() => shared.close())

  for (const file of files.sort()) {
    const path = join(folder, file)
    const { default: scenario } = (await import(path)) as { default: Scenario }
    if (name !== 'chromium' && !scenario.everywhere) {
      test.skip(`${scenario.name}: in Chromium only`)
      continue
    }
    describe(scenario.name, () => {
      let script: string
      let browser: Driver
      beforeAll(async () => {
        script = await bundleActs(path)
        browser = scenario.flags || scenario.withoutFlags ? await found.launch(scenario) : shared
      })
      afterAll(async () => {
        if (browser !== shared) await browser.close()
      })
      for (const [name, drive] of Object.entries(scenario.tests)) {
        test(name, () => onStage(browser, script, drive))
      }
    })
  }
}
