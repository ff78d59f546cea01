/** A decision reaches every page in every state: while it loads, without a worker, prerendered, or with a destroyed client. */
import type { Nearside, Options } from '../../src/api.js'
import { mixed, share, sku } from '../goods.js'
import { type Stage, scenario, type Tab } from '../scenario.js'
import { EMPTY, KILLABLE, shop } from '../shop.js'

const LAMPS = [0, 1, 2].map((n) => sku('lamp', n))

const page = globalThis as unknown as { nearside: Nearside; workers: Worker[] }

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

const acts = {
  ...shop,
  /** Runs on a page that has the next one prerendered. The visitor decides here and then opens the next page. */
  async lead(next: string, decisions: ('grant' | 'deny')[]) {
    await shop.create()
    await shop.ready()
    await shop.view(...LAMPS)
    const [before, then] = decisions.length > 1 ? decisions : [undefined, decisions[0]]
    if (before) shop[before]()
    if (before) await shop.packStored()
    const rules = document.createElement('script')
    rules.type = 'speculationrules'
    rules.textContent = JSON.stringify({
      prerender: [{ source: 'list', urls: [next], eagerness: 'immediate' }],
    })
    document.head.append(rules)
    await sleep(1500)
    shop[then!]()
    await (then === 'deny' ? shop.nothingStored() : shop.packStored())
    const link = document.createElement('a')
    link.href = next
    document.body.append(link)
    link.click()
  },
  /** Runs on the next page, which has a client from the start. It reports its state before and after it is opened. */
  async follow() {
    await shop.create()
    shop.track('view_item', 'rug00')
    const before = page.nearside.consent.state
    await new Promise((resolve) => document.addEventListener('prerenderingchange', resolve))
    await sleep(2000)
    shop.track('view_item', 'rug01')
    await sleep(500)
    const told = {
      states: [before, page.nearside.consent.state],
      events: await shop.events(),
      stored: await shop.stored(),
    }
    await fetch(`/told?${encodeURIComponent(JSON.stringify(told))}`)
  },
  /** The client's consent state. It needs no worker. */
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

interface Told {
  /** Before and after the visitor opened the page. */
  states: string[]
  events: string[][]
  stored: typeof EMPTY
}

/** What a prerendered page reports after the visitor has decided on the page before it. */
async function prerendered({ page, openAlone, told }: Stage<Acts>, ...decisions: ('grant' | 'deny')[]) {
  const next = page({ body: '<script type="module">acts.follow()</script>' })
  const lead = `acts.lead(${JSON.stringify(next)}, ${JSON.stringify(decisions)})`
  await openAlone(page({ body: `<script type="module">${lead}</script>` }))
  return (await told(1)) as Told
}

export default scenario({
  name: 'a decision reaches every page',
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

    'a denial, on the page that has another one prerendered': async (stage) => {
      const { states, events, stored } = await prerendered(stage, 'grant', 'deny')
      stage.expect(states).toEqual(['granted', 'denied'])
      stage.expect(events).toEqual([])
      stage.expect(stored).toEqual(EMPTY)
    },

    'a grant, on the page that has another one prerendered': async (stage) => {
      const { states, events } = await prerendered(stage, 'grant')
      stage.expect(states).toEqual(['unknown', 'granted'])
      // The visitor's earlier events, and the impressions that began when the page was opened.
      stage.expect(events.map(([, id]) => id)).toEqual([...LAMPS, 'rug00', 'rug01'])
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
