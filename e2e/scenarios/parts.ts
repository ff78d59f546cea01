/** The files of the engine that it loads only where a shop needs them: `shape.js` for rules, `live.js` for a live file. */
import { mixed, sku } from '../goods.js'
import { lists, TAG } from '../lists.js'
import { type Stage, scenario, type Tab } from '../scenario.js'

type Acts = typeof lists

/** Options of a shop that needs both parts. */
const SHOP = {
  pack: '/packs/shop/',
  live: '/live.json',
  timeout: 9000,
  ranking: { rules: [{ kind: 'pin' as const, position: 0, where: { ids: [sku('rug', 11)] } }] },
}

const LIVE = JSON.stringify({
  version: 1,
  pack: 1,
  created: '2026-01-31T12:00:00Z',
  out: [sku('rug', 10)],
})

const options = (more: object = {}) =>
  `<script>nearsideOptions = ${JSON.stringify({ ...SHOP, ...more })}</script>`

/** Requests for the parts so far: origin and file. */
const asked = ({ site }: Stage<Acts>) =>
  site.requests.flatMap(({ origin, path }) => {
    const [file] = /\w+\.js$/.exec(path) ?? []
    return file === 'shape.js' || file === 'live.js' ? [`${origin} ${file}`] : []
  })

/** Both parts hold: the rule pins an item, and the live file knows that another is out of stock. */
async function holds(tab: Tab<Acts>, { expect }: Stage<Acts>): Promise<void> {
  await expect.poll(async () => (await tab.run('status')).live?.state, { timeout: 20_000 }).toBe('used')
  const { by, ids } = await tab.run('rank', mixed())
  expect([by, ids[0], ids.at(-1)]).toEqual(['device', sku('rug', 11), sku('rug', 10)])
  expect(tab.errors).toEqual([])
}

const serveLive = ({ site }: Stage<Acts>) => site.serve('/live.json', { body: LIVE })

/** No file of this origin may be read by scripts of another, as on a CDN that sends no header for it. */
const withoutCors = ({ site }: Stage<Acts>, pattern: RegExp) =>
  site.change(pattern, (answer) => ({
    ...answer,
    headers: { ...answer.headers, 'Access-Control-Allow-Origin': 'null' },
  }))

const missing = ({ site }: Stage<Acts>, pattern: RegExp) =>
  site.change(pattern, () => ({ status: 404, body: 'There is no such file.' }))

export default scenario({
  name: 'parts of the engine',
  everywhere: true,
  acts: lists,
  tests: {
    'a shop that sets nothing loads none': async (stage) => {
      const tab = await stage.open(stage.page({ head: TAG }))
      await tab.run('ready')
      stage.expect(await tab.run('rank', mixed())).toMatchObject({ by: 'device' })
      await tab.run('recommend', { reasons: true })
      stage.expect(asked(stage)).toEqual([])
    },

    'from the page\u2019s own origin, by npm import': async (stage) => {
      serveLive(stage)
      const tab = await stage.open()
      await tab.run('create', SHOP)
      await holds(tab, stage)
      const { origin } = stage.site
      stage.expect(asked(stage).sort()).toEqual([`${origin} live.js`, `${origin} shape.js`])
    },

    'from the page\u2019s own origin, by script tag': async (stage) => {
      serveLive(stage)
      const tab = await stage.open(stage.page({ head: options() + TAG }))
      await holds(tab, stage)
    },

    'from another origin without CORS, by script tag': async (stage) => {
      const { cdn } = stage.site
      serveLive(stage)
      withoutCors(stage, /^\/nearside\//)
      const tag = `<script async src="${cdn}/nearside/nearside.js"></script>`
      const tab = await stage.open(stage.page({ head: options() + tag }))
      await holds(tab, stage)
      stage.expect(asked(stage).sort()).toEqual([`${cdn} live.js`, `${cdn} shape.js`])
    },

    'from another origin by npm import, where only the module has CORS': async (stage) => {
      const { cdn } = stage.site
      serveLive(stage)
      withoutCors(stage, /^\/nearside\/(worker|live|shape)/)
      const tab = await stage.open()
      await tab.run('create', SHOP, `${cdn}/nearside/index.js`)
      await holds(tab, stage)
      stage.expect(asked(stage).sort()).toEqual([`${cdn} live.js`, `${cdn} shape.js`])
    },

    'beside a worker that the shop serves itself': async (stage) => {
      serveLive(stage)
      for (const file of ['worker', 'shape', 'live']) {
        stage.site.alias(`/own/${file}.js`, `/nearside/${file}.js`)
      }
      const tab = await stage.open()
      await tab.run('create', { ...SHOP, workerUrl: '/own/worker.js' })
      await holds(tab, stage)
      const paths = stage.site.requests
        .map(({ path }) => path)
        .filter((path) => /(shape|live)\.js$/.test(path))
      stage.expect(paths.sort()).toEqual(['/own/live.js', '/own/shape.js'])
    },

    'where the page says they are': async (stage) => {
      const { cdn } = stage.site
      serveLive(stage)
      stage.site.alias('/parts/rules.js', '/nearside/shape.js')
      missing(stage, /nearside\/shape\.js$/)
      const tab = await stage.open()
      await tab.run('create', {
        ...SHOP,
        parts: { shape: `${stage.site.origin}/parts/rules.js`, live: `${cdn}/nearside/live.js` },
      })
      await holds(tab, stage)
    },

    'nearside/inline has them inside': async (stage) => {
      serveLive(stage)
      const tab = await stage.open()
      await tab.run('create', SHOP, '/nearside/inline.js')
      await holds(tab, stage)
      stage.expect(asked(stage)).toEqual([])
    },

    'without shape.js the server\u2019s order stands, and the file is asked for again after ten seconds':
      async (stage) => {
        const { expect } = stage
        const restore = missing(stage, /shape\.js$/)
        const { live: _, ...shop } = SHOP
        const tab = await stage.open()
        await tab.run('create', shop)
        await tab.run('ready')
        for (let n = 0; n < 5; n++) {
          expect(await tab.run('rank', mixed())).toMatchObject({ by: 'server', why: 'error', ids: mixed() })
        }
        expect(await tab.run('recommend')).toMatchObject({ by: 'server', why: 'error', ids: [] })
        expect(asked(stage)).toHaveLength(1)
        restore()
        await expect
          .poll(async () => (await tab.run('rank', mixed())).ids[0], { timeout: 20_000, interval: 500 })
          .toBe(sku('rug', 11))
        expect(asked(stage)).toHaveLength(2)
      },

    'without live.js lists are ranked as without a live file': async (stage) => {
      const { expect } = stage
      serveLive(stage)
      missing(stage, /live\.js$/)
      const tab = await stage.open()
      await tab.run('create', SHOP)
      await expect
        .poll(async () => (await tab.run('status')).live?.error)
        .toContain('live.js could not be loaded')
      const { by, ids } = await tab.run('rank', mixed())
      expect([by, ids[0]]).toEqual(['device', sku('rug', 11)])
      expect(ids.toSorted()).toEqual(mixed().toSorted())
      expect(asked(stage).filter((one) => one.endsWith('live.js'))).toHaveLength(1)
    },
  },
})
