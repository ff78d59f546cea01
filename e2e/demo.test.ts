/**
 * The demo shop in a real browser, as a visitor sees it: on a desktop screen, on a phone, and with the keyboard. The pack is
 * trained on the latest baskets only, which takes seconds.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import type { Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { writeSite } from '../demo/build.js'
import { serve } from '../demo/serve.js'
import { readBaskets } from '../demo/shop/data.js'
import { trainOn } from '../demo/train.js'
import { browserOptions } from './browser.js'

const MINUTES = 60_000
const DESK = { width: 1280, height: 800 }
const PHONE = { width: 390, height: 844 }
const SMALL_PHONE = { width: 360, height: 640 }

/** https://wicg.github.io/layout-instability/ */
interface LayoutShift extends PerformanceEntry {
  value: number
  hadRecentInput: boolean
  sources: { node: Node | null }[]
}

let folder: string
let browser: Browser
let server: Server
let address: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'nearside-demo-'))
  const [site, packs] = [join(folder, 'site'), join(folder, 'packs')]
  await writeSite(site)
  await trainOn(readBaskets().slice(-600), { log: join(folder, 'log'), pack: join(packs, 'shop') })
  ;({ server, address } = await serve(4273, { site, packs }))
  browser = await chromium.launch(browserOptions())
}, 5 * MINUTES)

afterAll(async () => {
  await browser?.close()
  server?.close()
  server?.closeAllConnections()
  rmSync(folder, { recursive: true, force: true })
})

/** A new visitor. At the end of the test, no page may have had an error or a layout shift. */
async function visitor(viewport: { width: number; height: number }): Promise<Page> {
  const context = await browser.newContext({ viewport, baseURL: address })
  const troubles: string[] = []
  await context.exposeBinding('shifted', ({ page }, what: string) => troubles.push(`${page.url()}: ${what}`))
  await context.addInitScript(() => {
    const { shifted } = window as unknown as { shifted(what: string): void }
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as LayoutShift[]) {
        const what = entry.sources.map(({ node }) => (node as Element | null)?.className ?? node?.nodeName)
        if (!entry.hadRecentInput) shifted(`layout shift of ${entry.value}: ${what.join(', ')}`)
      }
    }).observe({ type: 'layout-shift', buffered: true })
  })
  const page = await context.newPage()
  page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()))
  page.on('pageerror', (error) => troubles.push(error.message))
  onTestFinished(async () => {
    await context.close()
    expect(troubles).toEqual([])
  })
  return page
}

async function sayYes(page: Page): Promise<void> {
  await page.goto('/')
  await page.getByRole('button', { name: 'Yes, remember' }).click()
}

/** Waits until the device knows of the visit: its rows are there. */
async function open(page: Page, path: string): Promise<void> {
  await page.goto(path)
  await page.waitForSelector('[data-row=picks]:not([aria-busy])')
}

async function like(page: Page, ...ids: number[]): Promise<void> {
  for (const id of ids) await open(page, `/p/${id}.html`)
}

const title = (page: Page) => page.locator('#picks-title')
const ids = (page: Page, list: string) =>
  page
    .locator(`${list} > [data-nearside-item]`)
    .evaluateAll((cards) => cards.map((card) => (card as HTMLElement).dataset.nearsideItem))

test.each([SMALL_PHONE, PHONE])(
  'on a phone the question hides neither name, price nor button: $width',
  async (size) => {
    const page = await visitor(size)
    // The longest name of the shop's first products takes three lines.
    for (const id of [1, 40]) {
      await open(page, `/p/${id}.html`)
      const top = (await page.locator('.ask').boundingBox())!.y
      for (const selector of ['h1', '.product-price', '[data-add]']) {
        const box = (await page.locator(selector).boundingBox())!
        expect(box.y + box.height, `${selector} of ${id}`).toBeLessThanOrEqual(top)
      }
    }
  },
)

test('the consent question is right after the skip link in the tab order, and focus then goes on in the page', async () => {
  const page = await visitor(DESK)
  await open(page, '/p/1.html')
  const focused = () => page.evaluate(() => document.activeElement?.textContent)
  await page.keyboard.press('Tab')
  expect(await focused()).toBe('Skip to the products')
  await page.keyboard.press('Tab')
  expect(await focused()).toBe('Yes, remember')
  await page.keyboard.press('Enter')
  await page.locator('.ask').waitFor({ state: 'detached' })
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('main')
})

test('categories and sort buttons take one row each', async () => {
  for (const size of [DESK, PHONE, SMALL_PHONE]) {
    const page = await visitor(size)
    await page.goto('/c/stationery.html')
    for (const selector of ['.shelves li', '.sorting .switch button']) {
      const tops = await page
        .locator(selector)
        .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().top))
      expect(new Set(tops).size, selector).toBe(1)
    }
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    expect(wider).toBeLessThanOrEqual(0)
    await page.context().close()
  }
})

test('best sellers are not called "picked for you"', async () => {
  const page = await visitor(DESK)
  await open(page, '/')
  expect(await title(page).textContent()).toBe('Also popular')
  await sayYes(page)
  await like(page, 1, 12)
  expect(await title(page).textContent()).toBe('Picked for you')
  await open(page, '/')
  expect(await title(page).textContent()).toBe('Picked for you')
})

test.each([DESK, SMALL_PHONE])(
  'who comes back sees the window in the first screen, moving once: $width',
  async (size) => {
    const page = await visitor(size)
    await page.addInitScript(() => {
      const counted = window as unknown as { animated: number }
      counted.animated = 0
      const { animate } = Element.prototype
      Element.prototype.animate = function (...args) {
        counted.animated++
        return animate.apply(this, args)
      }
    })
    const moved = () => page.evaluate(() => (window as unknown as { animated: number }).animated > 0)
    const inOrder = () => page.waitForSelector('[data-order=yours][aria-pressed=true]')

    await sayYes(page)
    const usual = await ids(page, '#window-list')
    await like(page, 1, 12)
    await page.goto('/')
    expect((await page.locator('#window-list > li').first().boundingBox())!.y).toBeLessThan(size.height - 100)
    // What is below the screen may be in the visitor's order already. What is on it still is in the shop's.
    const fixed = Number((await page.locator('#window-list').getAttribute('data-nearside-fixed')) ?? 1)
    expect((await ids(page, '#window-list')).slice(0, fixed)).toEqual(usual.slice(0, fixed))
    await inOrder()
    expect(await moved()).toBe(true)
    const own = await ids(page, '#window-list')
    expect(own).not.toEqual(usual)
    expect(await page.locator('#window-list .why').first().textContent()).not.toBe('')

    await page.goto('/')
    await inOrder()
    expect(await moved()).toBe(false)
    expect(await ids(page, '#window-list')).toEqual(own)
  },
)

test('under a grant, "For you" stays chosen in the next category', async () => {
  const page = await visitor(PHONE)
  const chosen = () => page.locator('.sorting [aria-pressed=true]').textContent()
  const forYou = page.getByRole('button', { name: 'For you' })
  await page.goto('/c/bags.html')
  await forYou.click()
  await page.goto('/c/lights.html')
  await page.waitForSelector('.ask')
  expect(await chosen()).toBe('Best sellers')
  expect(await page.evaluate(() => sessionStorage.length + localStorage.length)).toBe(0)

  await sayYes(page)
  await like(page, 1, 12)
  await page.goto('/c/bags.html')
  await forYou.click()
  await page.goto('/c/lights.html')
  await page.getByText('in your own order').waitFor()
  expect(await chosen()).toBe('For you')

  await page.getByRole('button', { name: 'Best sellers' }).click()
  await page.goto('/c/toys.html')
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 500)))
  expect(await chosen()).toBe('Best sellers')
})

test('a denial removes the shop’s own marks', async () => {
  const page = await visitor(DESK)
  await sayYes(page)
  await like(page, 1, 12)
  const marks = () =>
    page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('tuppence:')))
  expect(await marks()).toEqual(['tuppence:back'])
  await page.getByRole('button', { name: 'What this device knows' }).first().click()
  await page.getByRole('dialog').getByRole('button', { name: 'No, learn nothing' }).click()
  await expect.poll(marks).toEqual([])
  await open(page, '/')
  expect(await page.getByText('Welcome back').isVisible()).toBe(false)
})

test('after "Forget" the focus is on the next product, and after the last one on the heading', async () => {
  const page = await visitor(PHONE)
  await sayYes(page)
  await like(page, 1, 12, 40)
  await page.locator('.tool[data-open-panel]').click()
  const things = page.locator('[data-thing]')
  await expect.poll(() => things.count()).toBe(3)
  const focused = () =>
    page.evaluate(() => document.activeElement?.closest<HTMLElement>('[data-thing]')?.dataset.thing)
  // The latest product is at the top of the list: 40, 12, 1.
  await page.locator('[data-forget="12"]').focus()
  await page.keyboard.press('Enter')
  await expect.poll(() => things.count()).toBe(2)
  expect(await focused()).toBe('1')
  await page.keyboard.press('Enter')
  await expect.poll(() => things.count()).toBe(1)
  expect(await focused()).toBe('40')
  await page.keyboard.press('Enter')
  await expect.poll(() => things.count()).toBe(0)
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('What you did')
})

test('after "Less like this" the others close the gap, another product comes, and "Undo" brings it back', async () => {
  const page = await visitor(DESK)
  await sayYes(page)
  await like(page, 1, 12)
  await open(page, '/')
  const row = '[data-row=picks]'
  const before = await ids(page, row)
  await page.locator(`${row} [data-less-like]`).nth(1).click()
  // The gap is closed at once: the third product is in the place of the second.
  expect((await ids(page, row)).slice(0, 2)).toEqual([before[0], before[2]])
  await expect.poll(async () => (await ids(page, row)).length).toBe(before.length)
  expect(await ids(page, row)).not.toContain(before[1])
  const focused = () =>
    page.evaluate(
      () => document.activeElement?.closest<HTMLElement>('[data-nearside-item]')?.dataset.nearsideItem,
    )
  expect(await focused()).toBe(before[2])

  await page.getByRole('button', { name: 'Undo' }).click()
  expect(await ids(page, row)).toEqual(before)
  expect(await focused()).toBe(before[1])

  // Without an undo, the next page does not show it either.
  await page.locator(`${row} [data-less-like]`).nth(1).click()
  await expect.poll(async () => (await ids(page, row)).length).toBe(before.length)
  await open(page, '/')
  expect(await ids(page, row)).not.toContain(before[1])
})

test('rules and reasons, switched on and off side by side', async () => {
  const page = await visitor(DESK)
  await sayYes(page)
  await like(page, 1, 12)
  await page.goto('/switches.html')
  for (const side of ['off', 'on'])
    await expect.poll(() => page.locator(`[data-side=${side}] > [data-nearside-item]`).count()).toBe(12)
  const off = await ids(page, '[data-side=off]')
  expect(await ids(page, '[data-side=on]')).toEqual(off)
  const whys = (side: string) => page.locator(`[data-side=${side}] .why`).allTextContents()
  expect((await whys('on')).join('')).toBe('')

  await page.getByRole('checkbox', { name: /Rules/ }).check()
  await expect.poll(async () => (await ids(page, '[data-side=on]'))[2]).toBe('12')
  expect(await ids(page, '[data-side=off]')).toEqual(off)
  await page.getByRole('checkbox', { name: /Reasons/ }).check()
  await expect.poll(async () => (await whys('on')).filter(Boolean).length).toBeGreaterThan(6)
  expect((await whys('off')).join('')).toBe('')
  const named = (await whys('on')).map((why) => /“(.*)”/.exec(why)?.[1]).filter(Boolean)
  for (const title of new Set(named))
    expect(named.filter((one) => one === title).length).toBeLessThanOrEqual(3)

  await page.getByRole('checkbox', { name: /Rules/ }).uncheck()
  await expect.poll(() => ids(page, '[data-side=on]')).toEqual(off)
})
