/** Most shops have many pages. Every navigation ends the worker, and the next page must know at once what was done before. */
import type { Nearside } from '../../src/api.js'
import { EACH, mixed, share, sku } from '../goods.js'
import { type Stage, scenario, type Tab } from '../scenario.js'
import { shop } from '../shop.js'

const page = globalThis as unknown as { nearside: Nearside; first: ReturnType<Nearside['rank']> }

const acts = {
  ...shop,
  /** The answer to the call that the page's own script made while it loaded. */
  async first() {
    const { by, why, items } = await page.first
    return { by, why: why ?? null, ids: items.map(({ id }) => id) }
  },
  async viewOften(times: number) {
    for (let i = 0; i < times; i++) {
      shop.track('view_item', sku('lamp', i % EACH))
      if (i % 200 === 0) await shop.status()
    }
  },
  name: () => document.title,
  boxes: () => Object.keys(localStorage).filter((key) => key.startsWith('nearside:outbox')),
}
type Acts = typeof acts

const LAMPS = [0, 1, 2].map((n) => sku('lamp', n))

/** A page that ranks while it loads, as shops' pages do, with the default timeout. */
const npmPage = (body = '', timeout?: number) => ({
  head: `<script type="module">
    import { create } from '/nearside/index.js'
    globalThis.nearside = create({ pack: '/packs/shop/', consent: 'auto' })
    globalThis.first = nearside.rank(${JSON.stringify(mixed())}, ${JSON.stringify({ slot: 'home', timeout })})
    addEventListener('click', ({ target }) => {
      const { sku } = target.dataset
      if (sku) nearside.track('select_item', { items: [{ item_id: sku }] })
    })
  </script>`,
  body,
})

const tagPage = (body = '') => ({
  head: `<script>
    nearside = { q: [] }
    for (const name of ['rank', 'track', 'status', 'export', 'grant'])
      nearside[name] = (...args) => new Promise((resolve) => nearside.q.push([name, args, resolve]))
    first = nearside.rank(${JSON.stringify(mixed())}, { slot: 'home' })
  </script>
  <script async src="/nearside/nearside.js" data-pack="/packs/shop/"></script>`,
  body,
})

/** Opens a first page on which the visitor grants and views lamps. Resolves when the pack is stored. */
async function warmUp({ open, page }: Stage<Acts>) {
  const tab = await open(page())
  await tab.run('create')
  await tab.run('grant')
  await tab.run('view', ...LAMPS)
  await tab.run('packStored')
  return tab
}

/** Makes 100 navigations, and returns how many answered their first `rank` from the device. */
async function hundredNavigations(stage: Stage<Acts>, kind: typeof npmPage) {
  const tab = await warmUp(stage)
  const paths = [stage.page(kind()), stage.page(kind())]
  const answers: string[] = []
  for (let n = 0; n < 100; n++) {
    await tab.goto(paths[n % 2]!)
    const { by, why, ids } = await tab.run('first')
    answers.push(by === 'device' && share(ids, 'lamp') === 8 ? 'device' : `${by} ${why}`)
  }
  return answers
}

/**
 * Clicks on links that navigate at once. Each click is tracked. Returns which clicks the last page knows.
 * @param slow milliseconds until the worker's file arrives
 */
async function clicks(stage: Stage<Acts>, kind: typeof npmPage, n: number, slow = 0) {
  const tab = await warmUp(stage)
  stage.site.change(/worker\.js$/, async (answer) => {
    await new Promise((resolve) => setTimeout(resolve, slow))
    return answer
  })
  const link = (to: number, i: number) =>
    `<ul data-nearside-rank="home"><li data-nearside-item="${sku('mug', i)}">
      <a href="/clicked-${to}" ${kind === npmPage ? `data-sku="${sku('mug', i)}"` : ''}>${to}</a></li></ul>`
  const at = stage.page(kind(link(1, 0)))
  for (let i = 1; i <= n; i++) stage.alias(`/clicked-${i}`, stage.page(kind(link(i + 1, i))))
  await tab.goto(at)
  for (let i = 0; i < n; i++) await tab.click('a')
  await stage.expect.poll(() => tab.run('boxes'), { timeout: 10_000 }).toEqual([])
  const events = await tab.run('events')
  return events.filter(([name]) => name === 'select_item').map(([, id]) => id)
}

export default scenario({
  name: 'navigation',
  acts,
  tests: {
    'the next page, a reload and a second tab know what one page has learned': async (stage) => {
      const { expect } = stage
      const first = async (tab: Tab<Acts>) => {
        const { by, why, ids } = await tab.run('first')
        return { by, why, lamps: share(ids, 'lamp') }
      }
      const known = { by: 'device', why: null, lamps: 8 }
      const tab = await warmUp(stage)
      // The time does not count here: on a busy machine the worker alone may take longer than the default.
      const next = stage.page(npmPage('', 9000))
      await tab.goto(next)
      expect(await first(tab)).toEqual(known)
      await tab.reload()
      expect(await first(tab)).toEqual(known)
      await tab.back()
      await tab.run('create')
      expect((await tab.run('events')).length).toBe(3)
      const second = await stage.open(next)
      expect(await first(second)).toEqual(known)
    },

    'the next page knows a visitor of thousands of events with its first list': async (stage) => {
      const { expect } = stage
      const tab = await warmUp(stage)
      await tab.run('viewOften', 4997)
      await expect.poll(async () => (await tab.run('status')).events.stored, { timeout: 20_000 }).toBe(5000)
      const known = share((await tab.run('rank', mixed())).ids, 'lamp')
      expect(known, 'the server has two').toBeGreaterThan(6)
      const next = stage.page(npmPage('', 9000))
      for (let n = 0; n < 5; n++) {
        await tab.goto(next)
        const { by, ids } = await tab.run('first')
        expect([by, share(ids, 'lamp')]).toEqual(['device', known])
      }
    },

    'a second open tab knows what one tab learns, without a reload': async (stage) => {
      const { expect } = stage
      const [one, two] = [await warmUp(stage), await stage.open(stage.page(npmPage()))]
      await two.run('ready')
      await one.run('view', sku('rug', 0), sku('rug', 1), sku('rug', 2))
      await expect.poll(async () => (await two.run('events')).length).toBe(6)
      const { ids } = await two.run('rank', mixed())
      expect(share(ids, 'rug')).toBeGreaterThanOrEqual(4)
    },

    'a warm page answers its first rank from the device: npm, 100 navigations': async (stage) => {
      const answers = await hundredNavigations(stage, npmPage)
      stage.expect(answers.filter((by) => by === 'device').length, answers.join()).toBeGreaterThanOrEqual(95)
    },

    'a warm page answers its first rank from the device: script tag, 100 navigations': async (stage) => {
      const answers = await hundredNavigations(stage, tagPage)
      stage.expect(answers.filter((by) => by === 'device').length, answers.join()).toBeGreaterThanOrEqual(95)
    },

    'the event of a click that navigates at once counts exactly once: npm': async (stage) => {
      const expected = Array.from({ length: 20 }, (_, i) => sku('mug', i))
      stage.expect(await clicks(stage, npmPage, 20)).toEqual(expected)
    },

    'the event of a click that navigates at once counts exactly once: script tag': async (stage) => {
      const expected = Array.from({ length: 20 }, (_, i) => sku('mug', i))
      stage.expect(await clicks(stage, tagPage, 20)).toEqual(expected)
    },

    'the event of a click counts exactly once when the worker never starts before the page is left': async (
      stage,
    ) => {
      const expected = Array.from({ length: 5 }, (_, i) => sku('mug', i))
      stage.expect(await clicks(stage, npmPage, 5, 700)).toEqual(expected)
    },

    'without a grant the event of such a click is written nowhere': async ({ open, page, expect }) => {
      const tab = await open(page(npmPage(`<a href="/" data-sku="${sku('mug', 0)}">on</a>`)))
      await tab.click('a')
      expect(await tab.run('boxes')).toEqual([])
    },
  },
})
