/** Declarative lists are re-ordered once, before anybody has seen them, and nothing on the screen moves. */
import { mixed, share, sku } from '../goods.js'
import { type Stage, scenario, type Tab } from '../scenario.js'
import { shop } from '../shop.js'

const LAMPS = [0, 1, 2].map((n) => sku('lamp', n))
const IDS = mixed(24)

const shifts: number[] = []

const acts = {
  ...shop,
  /** Items of the list in the order of the document. */
  order: () =>
    [...document.querySelectorAll<HTMLElement>('[data-nearside-item]')].map(
      (item) => item.dataset.nearsideItem ?? '',
    ),
  /** Who ordered the list: `device` or `server`. */
  async decided() {
    const list = document.querySelector<HTMLElement>('[data-nearside-rank]')
    for (let i = 0; i < 200; i++) {
      if (list?.dataset.nearsideBy) return list.dataset.nearsideBy
      await new Promise((resolve) => setTimeout(resolve, 25))
    }
    return undefined
  },
  /** All layout shifts of the page so far, also those after user input. */
  async shifts() {
    const supported = PerformanceObserver.supportedEntryTypes.includes('layout-shift')
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) shifts.push((entry as unknown as { value: number }).value)
    }).observe({ type: 'layout-shift', buffered: true })
    await new Promise((resolve) => setTimeout(resolve, 300))
    return supported ? shifts : ['not supported']
  },
  /** How many items stayed in their places because they had been seen. */
  fixed: () => Number(document.querySelector<HTMLElement>('[data-nearside-rank]')?.dataset.nearsideFixed),
  /** Scrolls to the top of the list at once. */
  toList: () => document.querySelector('[data-nearside-rank]')?.scrollIntoView(),
  focus: () => document.querySelector<HTMLElement>('[data-nearside-item] a')?.focus({ preventScroll: true }),
  async waitForEvents(n: number) {
    for (let i = 0; i < 100; i++) {
      const events = await shop.events()
      if (events.length >= n) return events
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    return shop.events()
  },
  listeners: () => (globalThis as unknown as { clicked: string[] }).clicked,
}
type Acts = typeof acts

/** A list with items of different heights, so that any move would shift the content around it. */
const list = (ids: readonly string[] = IDS) =>
  `<ul data-nearside-rank="home" style="margin: 0; padding: 0">${ids
    .map(
      (id, i) =>
        `<li data-nearside-item="${id}" style="height: ${60 + (i % 5) * 25}px"><a href="/next">${id}</a></li>`,
    )
    .join('')}</ul>`

const above = (pixels: number) => `<p style="height: ${pixels}px; margin: 0">above</p>`
const below = '<p style="height: 3000px">below</p>'
const TAG = '<script async src="/nearside/nearside.js" data-pack="/packs/shop/"></script>'

/** A visitor who likes lamps opens the page. */
async function warm({ open, page }: Stage<Acts>, body: string, head = TAG): Promise<Tab<Acts>> {
  const tab = await open()
  await tab.run('create', { consent: 'granted' })
  await tab.run('ready')
  await tab.run('view', ...LAMPS)
  await tab.run('packStored')
  await tab.goto(page({ head, body }))
  return tab
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

export default scenario({
  name: 'declarative lists',
  acts,
  tests: {
    'a list below the screen gets the visitor\u2019s order, and nothing shifts': async (stage) => {
      const { expect } = stage
      const tab = await warm(stage, above(2000) + list() + below)
      expect(await tab.run('decided')).toBe('device')
      const order = await tab.run('order')
      expect(share(order, 'lamp', 6)).toBe(6)
      expect(order.toSorted()).toEqual(IDS.toSorted())
      await tab.run('toList')
      await sleep(300)
      await tab.scroll(600)
      await sleep(300)
      expect(await tab.run('shifts')).toEqual([])
      expect(await tab.run('order')).toEqual(order)
    },

    'of a list in view, only what is below the screen moves, and nothing shifts': async (stage) => {
      const { expect } = stage
      const tab = await warm(stage, list() + below)
      expect(await tab.run('decided')).toBe('device')
      // The viewport is 720 pixels high. The tops of the first seven items are in it, and that of the eighth is within 48 pixels.
      const fixed = await tab.run('fixed')
      expect(fixed).toBeGreaterThanOrEqual(7)
      expect(fixed).toBeLessThanOrEqual(9)
      const order = await tab.run('order')
      expect(order.slice(0, fixed)).toEqual(IDS.slice(0, fixed))
      expect(share(order.slice(fixed), 'lamp', 3)).toBe(3)
      expect(order.toSorted()).toEqual(IDS.toSorted())
      await tab.scroll(500)
      await sleep(300)
      expect(await tab.run('shifts')).toEqual([])
      // The device has noted the list as the visitor sees it.
      expect((await tab.run('data'))?.lists.at(-1)).toMatchObject({ slot: 'home', by: 'device', ids: order })
    },

    'of a list with its first pixels at the lower edge, the first item stays': async (stage) => {
      const { expect } = stage
      const tab = await warm(stage, above(700) + list() + below)
      expect(await tab.run('decided')).toBe('device')
      expect(await tab.run('fixed')).toBe(1)
      expect((await tab.run('order'))[0]).toBe(IDS[0])
      expect(share((await tab.run('order')).slice(1), 'lamp', 6)).toBe(6)
      expect(await tab.run('shifts')).toEqual([])
    },

    'a list that is wholly in view is left as it is': async (stage) => {
      const { expect } = stage
      const tab = await warm(stage, list(IDS.slice(0, 5)) + below)
      expect(await tab.run('decided')).toBe('server')
      expect(await tab.run('order')).toEqual(IDS.slice(0, 5))
      expect(await tab.run('shifts')).toEqual([])
    },

    'what was seen and scrolled away again stays while the rest moves': async (stage) => {
      const { expect, site } = stage
      let answer = () => {}
      const held = new Promise<void>((resolve) => {
        answer = resolve
      })
      const tab = await warm(stage, above(2000) + list() + below, '')
      site.change(/worker\.js$/, async (file) => {
        await held
        return file
      })
      await tab.goto(
        stage.page({
          head: TAG.replace('data-pack', 'data-timeout="9000" data-pack'),
          body: above(2000) + list() + below,
        }),
      )
      await tab.run('toList')
      await sleep(200)
      await tab.scroll(-5000)
      await sleep(200)
      answer()
      expect(await tab.run('decided')).toBe('device')
      const fixed = await tab.run('fixed')
      expect(fixed).toBeGreaterThanOrEqual(7)
      const order = await tab.run('order')
      expect(order.slice(0, fixed)).toEqual(IDS.slice(0, fixed))
      expect(share(order.slice(fixed), 'lamp', 3)).toBe(3)
      expect(await tab.run('shifts')).toEqual([])
      expect((await tab.run('data'))?.lists.at(-1)).toMatchObject({ by: 'device', ids: order })
    },

    'a list above the screen is left as it is': async (stage) => {
      const { expect } = stage
      const tab = await warm(stage, `${list()}${below}<p id="end">end</p>`)
      await tab.goto(`${stage.page({ head: TAG, body: `${list()}${below}<p id="end">end</p>` })}#end`)
      expect(await tab.run('decided')).toBe('server')
      expect(await tab.run('shifts')).toEqual([])
    },

    'a list with the keyboard\u2019s focus is left as it is': async (stage) => {
      const { expect } = stage
      const head = TAG.replace('data-pack', 'data-timeout="9000" data-pack')
      stage.site.change(/nearside\.js$/, async (file) => {
        await sleep(300)
        return file
      })
      const focus = '<script>document.querySelector("li a").focus({ preventScroll: true })</script>'
      const tab = await warm(stage, above(2000) + list() + focus + below, head)
      expect(await tab.run('decided')).toBe('server')
      expect(await tab.run('order')).toEqual(IDS)
    },

    'when the device has no answer the server\u2019s order stands': async (stage) => {
      const { expect, site } = stage
      site.change(/^\/packs\//, () => ({ status: 404, body: '' }))
      const tab = await stage.open(stage.page({ head: TAG, body: above(2000) + list() + below }))
      expect(await tab.run('decided')).toBe('server')
      expect(await tab.run('order')).toEqual(IDS)
      expect(await tab.run('shifts')).toEqual([])
    },

    'items keep their listeners and their nodes': async (stage) => {
      const { expect } = stage
      const wire = `<script>
        clicked = []
        for (const item of document.querySelectorAll('li')) {
          const { nearsideItem } = item.dataset
          item.addEventListener('click', (event) => { event.preventDefault(); clicked.push(nearsideItem) })
        }</script>`
      const tab = await warm(stage, above(2000) + list() + wire + below)
      expect(await tab.run('decided')).toBe('device')
      await tab.click('li a')
      expect(await tab.run('listeners')).toEqual([(await tab.run('order'))[0]])
    },

    'impressions and choices are tracked with the list\u2019s name': async (stage) => {
      const { expect } = stage
      const tab = await warm(stage, list(IDS.slice(0, 4)) + below)
      await tab.run('decided')
      const events = await tab.run('waitForEvents', 4)
      expect(events[3]).toEqual(['view_item_list', ...IDS.slice(0, 4)])
      await tab.click('li a')
      await tab.goto(stage.page({ head: TAG }))
      const after = await tab.run('waitForEvents', 5)
      expect(after.filter(([name]) => name === 'select_item')).toEqual([['select_item', IDS[0]]])
      expect((await tab.run('data'))?.events.at(-1)).toMatchObject({ slot: 'home' })
    },
  },
})
