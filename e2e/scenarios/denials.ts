/** A decision reaches every page, whatever state it is in: loading, without a worker, prerendered, given up. */
import type { Nearside, Options } from '../../src/api.js'
import { mixed, share, sku } from '../goods.js'
import { type Stage, scenario, type Tab } from '../scenario.js'
import { EMPTY, KILLABLE, shop } from '../shop.js'

const LAMPS = [0, 1, 2].map((n) => sku('lamp', n))

const page = globalThis as unknown as { nearside: Nearside; workers: Worker[] }

const acts = {
  ...shop,
  activated: () =>
    (performance.getEntriesByType('navigation')[0] as unknown as { activationStart: number })
      .activationStart > 0,
  hasClient: () => page.nearside !== undefined,
  /** What the client says, whether a worker runs or not. */
  state: () => page.nearside.consent.state,
  /** As React's StrictMode mounts a component: the first client is given up at once. */
  async twice(options: Partial<Options>, entry = '/nearside/index.js') {
    const { create } = (await import(entry)) as {
      create(options: Options): Nearside
    }
    const first = create({ pack: '/packs/shop/', ...options })
    first.track('view_item', { items: [{ item_id: 'lamp00' }] })
    first.destroy()
    page.nearside = create({ pack: '/packs/shop/', ...options })
  },
  workerCount: () => page.workers.length,
}
type Acts = typeof acts

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Holds back worker.js until the test lets it go. */
function held({ site }: Stage<Acts>) {
  let release = () => {}
  const gate = new Promise<void>((resolve) => {
    release = resolve
  })
  const mend = site.change(/worker\.js$/, async (file) => {
    await gate
    return file
  })
  return () => {
    mend()
    release()
  }
}

/** Leaves the page for one without nearside, and looks at what is stored after a while. */
async function storedAfter(tab: Tab<Acts>, blank: string) {
  await tab.goto(blank)
  await sleep(1500)
  return tab.run('stored')
}

/** A page that the visitor has granted on, which has the browser prerender another one. */
async function prerenders(stage: Stage<Acts>, options: Partial<Options>) {
  const create = `import { create } from '/nearside/index.js'
    globalThis.nearside = create(${JSON.stringify({ pack: '/packs/shop/', ...options })})
    nearside.track('view_item', { items: [{ item_id: 'rug00' }] })`
  const next = stage.page({ head: `<script type="module">${create}</script>` })
  const rules = JSON.stringify({ prerender: [{ urls: [next], eagerness: 'immediate' }] })
  const tab = await stage.open()
  await tab.run('create')
  await tab.goto(
    stage.page({
      head: `<script type="speculationrules">${rules}</script>`,
      body: `<a href="${next}">next</a>`,
    }),
  )
  await tab.run('create')
  await tab.run('ready')
  await tab.run('view', ...LAMPS)
  return tab
}

async function openPrerendered(stage: Stage<Acts>, tab: Tab<Acts>) {
  await sleep(1500)
  await tab.click('a')
  await stage.expect.poll(() => tab.run('activated').catch(() => false), { timeout: 5000 }).toBe(true)
  await stage.expect.poll(() => tab.run('hasClient'), { timeout: 5000 }).toBe(true)
}

export default scenario({
  name: 'a decision reaches every page',
  acts,
  tests: {
    'a denial, where the worker is still loading': async (stage) => {
      const { open, page, expect } = stage
      const blank = page()
      const one = await open()
      await one.run('create', { consent: 'granted' })
      await one.run('ready')
      const release = held(stage)
      const two = await open()
      await two.run('create', { consent: 'granted' })
      await two.run('track', 'view_item', LAMPS[0]!)
      await one.run('deny')
      await one.run('nothingStored')
      await expect.poll(() => two.run('state')).toBe('denied')
      await two.run('track', 'view_item', LAMPS[1]!)
      release()
      await two.run('consentIs', 'denied')
      expect(await two.run('rank', mixed())).toMatchObject({ by: 'server', why: 'denied' })
      expect(await two.run('stored')).toEqual(EMPTY)
      expect(await storedAfter(two, blank)).toEqual(EMPTY)
    },

    'a denial, where the worker never comes': async (stage) => {
      const { open, page, site, expect } = stage
      const blank = page()
      const one = await open()
      await one.run('create', { consent: 'granted' })
      await one.run('view', ...LAMPS)
      site.change(/worker\.js$/, () => ({ status: 503, body: '' }))
      const two = await open()
      await two.run('create')
      await two.run('track', 'view_item', LAMPS[0]!)
      await one.run('deny')
      await expect.poll(() => two.run('state')).toBe('denied')
      await two.run('track', 'view_item', LAMPS[1]!)
      expect(await storedAfter(two, blank)).toEqual(EMPTY)
    },

    'a denial, where nothing was decided and the worker is still loading': async (stage) => {
      const { open, expect } = stage
      const one = await open()
      await one.run('create')
      await one.run('ready')
      const release = held(stage)
      const two = await open()
      await two.run('create')
      await two.run('track', 'view_item', LAMPS[0]!)
      await one.run('deny')
      await expect.poll(() => two.run('state')).toBe('denied')
      release()
      await two.run('consentIs', 'denied')
      expect(await two.run('events')).toEqual([])
    },

    'a denial on the page that has another one prerendered': async (stage) => {
      const { expect, page } = stage
      const blank = page()
      const tab = await prerenders(stage, {})
      await tab.run('grant')
      await tab.run('packStored')
      // The next page is prerendered again, now that there is a grant.
      await tab.reload()
      await tab.run('create')
      await sleep(1500)
      await tab.run('deny')
      await tab.run('nothingStored')
      await openPrerendered(stage, tab)
      expect(await tab.run('state')).toBe('denied')
      await tab.run('track', 'view_item', LAMPS[0]!)
      await sleep(1000)
      expect(await tab.run('stored')).toEqual(EMPTY)
      expect(await tab.run('events')).toEqual([])
      expect(await storedAfter(tab, blank)).toEqual(EMPTY)
    },

    'a grant on the page that has another one prerendered': async (stage) => {
      const { expect } = stage
      const tab = await prerenders(stage, {})
      await sleep(1500)
      await tab.run('grant')
      await tab.run('packStored')
      await openPrerendered(stage, tab)
      expect(await tab.run('state')).toBe('granted')
      // What the visitor did before, and the look that began when the page was opened.
      await expect
        .poll(async () => (await tab.run('events')).map(([, id]) => id), { timeout: 5000 })
        .toEqual([...LAMPS, 'rug00'])
    },

    'a grant, and what other tabs had in memory is kept': async ({ open, expect }) => {
      const [one, two] = [await open(), await open()]
      for (const tab of [one, two]) await tab.run('create')
      for (const tab of [one, two]) await tab.run('ready')
      await two.run('view', ...LAMPS)
      expect(await two.run('stored')).toEqual(EMPTY)
      await one.run('grant')
      await two.run('consentIs', 'granted')
      expect(await two.run('state')).toBe('granted')
      await expect.poll(async () => (await two.run('data'))?.kept).toBe('disk')
      await one.reload()
      await one.run('create')
      expect((await one.run('events')).map(([, id]) => id)).toEqual(LAMPS)
      expect(share((await one.run('rank', mixed())).ids, 'lamp')).toBe(8)
    },

    'a client that was given up starts nothing, hears nothing and writes nothing': async ({
      open,
      page,
      expect,
    }) => {
      const blank = page()
      const tab = await open(page({ head: KILLABLE }))
      await tab.run('twice', { consent: 'granted' })
      await tab.run('ready')
      expect(await tab.run('workerCount')).toBe(1)
      await tab.run('deny')
      await tab.run('nothingStored')
      expect(await storedAfter(tab, blank)).toEqual(EMPTY)
    },
  },
})
