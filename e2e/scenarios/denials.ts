/** A decision reaches every page, whatever state it is in: loading, without a worker, given up. */
import type { Nearside, Options } from '../../src/api.js'
import { mixed, share, sku } from '../goods.js'
import { type Stage, scenario, type Tab } from '../scenario.js'
import { EMPTY, KILLABLE, shop } from '../shop.js'

const LAMPS = [0, 1, 2].map((n) => sku('lamp', n))

const page = globalThis as unknown as { nearside: Nearside; workers: Worker[] }

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

const acts = {
  ...shop,
  /** What the client says, whether a worker runs or not. */
  state: () => page.nearside.consent.state,
  /** Like React's StrictMode when it mounts a component: the first client is destroyed at once. */
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

/** Delays worker.js until the test releases it. */
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

/** Goes to a page without nearside, and returns what is stored after a while. */
async function storedAfter(tab: Tab<Acts>, blank: string) {
  await tab.goto(blank)
  await sleep(1500)
  return tab.run('stored')
}

export default scenario({
  name: 'a decision reaches every page',
  everywhere: true,
  acts,
  tests: {
    'a denial, while the worker is still loading': async (stage) => {
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

    'a denial, when the worker never arrives': async (stage) => {
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

    'a denial as the first decision, while the worker is still loading': async (stage) => {
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

    'a destroyed client starts nothing, hears nothing and writes nothing': async ({ open, page, expect }) => {
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
