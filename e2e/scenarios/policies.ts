/** Tests each row of the README's table of Content Security Policies, and pages that allow less. */
import type { Rule } from '../../src/api.js'
import { mixed, share, sku } from '../goods.js'
import { type Stage, scenario, type Tab } from '../scenario.js'
import { shop } from '../shop.js'

const LAMPS = [0, 1, 2].map((n) => sku('lamp', n))

const acts = {
  ...shop,
  /** Violations of the page's policy. They are not console errors of the SDK, so they are checked here. */
  violations: () =>
    (globalThis as unknown as { violations: string[] }).violations.filter(
      // Browsers ask for the icon by themselves.
      (violation) => !violation.endsWith('/favicon.ico'),
    ),
}
type Acts = typeof acts

const FIRST: Rule = { kind: 'pin', position: 0, where: { ids: [sku('rug', 11)] } }
const LIVE = { version: 1, pack: 1, created: '2026-01-31T12:00:00Z', out: [sku('rug', 10)] }

const WATCH = `violations = []
addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) =>
  violations.push(effectiveDirective + ' ' + blockedURI))`

/** Opens a page under a policy. Every file of the shop carries the policy, also the worker's file. */
async function under({ open, page, site }: Stage<Acts>, csp: string, head = ''): Promise<Tab<Acts>> {
  site.serve('/watch.js', { body: WATCH })
  site.serve('/live.json', { body: JSON.stringify(LIVE) })
  site.change(/./, (answer) => ({
    ...answer,
    headers: { ...answer.headers, 'Content-Security-Policy': csp },
  }))
  return open(page({ head: `<script src="/watch.js"></script>${head}` }))
}

async function usesLive(tab: Tab<Acts>, { expect }: Stage<Acts>): Promise<void> {
  await expect.poll(async () => (await tab.run('status')).live?.state, { timeout: 20_000 }).toBe('used')
}

async function works(tab: Tab<Acts>, stage: Stage<Acts>, backend = 'wasm'): Promise<void> {
  const { expect } = stage
  expect((await tab.run('ready')).pack).toMatchObject({ state: 'ready', from: 'network' })
  expect(await tab.run('backend')).toBe(backend)
  await tab.run('view', ...LAMPS)
  const { by, ids } = await tab.run('rank', mixed())
  expect([by, share(ids, 'lamp')]).toEqual(['device', 8])
  // The parts of the engine come under the same policy: the live file takes an item down, and a rule moves one up.
  await usesLive(tab, stage)
  const shaped = await tab.run('rank', mixed(), { rules: [FIRST], timeout: 9000 })
  expect([shaped.by, shaped.ids[0], shaped.ids.at(-1)]).toEqual(['device', sku('rug', 11), sku('rug', 10)])
  expect(await tab.run('violations')).toEqual([])
  expect(tab.errors).toEqual([])
}

const tag = (base: string, pack: string) =>
  `<script async src="${base}/nearside/nearside.js" data-pack="${pack}" data-live="/live.json"></script>`

const SELF = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'"

/** The acts of the test are the page's own script, so these policies always need script-src 'self'. */
const fromCdn = (cdn: string, more = '') =>
  `default-src 'none'; script-src 'self' ${cdn} 'wasm-unsafe-eval'; worker-src blob:; connect-src 'self' ${cdn}${more}`

const TRUSTED = "; require-trusted-types-for 'script'; trusted-types nearside"

export default scenario({
  name: 'content security policies',
  everywhere: true,
  acts,
  tests: {
    'everything from the page\u2019s own origin: npm': async (stage) => {
      const tab = await under(stage, SELF)
      await tab.run('create', { live: '/live.json' })
      await works(tab, stage)
    },

    'everything from the page\u2019s own origin: script tag': async (stage) => {
      await works(await under(stage, SELF, tag('', '/packs/shop/')), stage)
    },

    "without 'wasm-unsafe-eval' JavaScript gives the same results": async (stage) => {
      const tab = await under(stage, SELF.replace(" 'wasm-unsafe-eval'", ''))
      await tab.run('create', { backend: 'js', live: '/live.json' })
      await works(tab, stage, 'js')
      const js = [await tab.run('rank', mixed()), await tab.run('recommend', { limit: 50 })]

      // With `backend: 'auto'` the engine finds this out by itself. Its attempt is a violation, which the page may report.
      await tab.reload()
      await tab.run('create', { live: '/live.json' })
      stage.expect(await tab.run('backend')).toBe('js')
      await usesLive(tab, stage)
      await tab.run('view', ...LAMPS)
      stage.expect(await tab.run('recommend', { limit: 50 })).toEqual(js[1])

      const free = await stage.open(stage.page())
      stage.site.change(/./, ({ headers: { 'Content-Security-Policy': _, ...headers } = {}, ...answer }) => ({
        ...answer,
        headers,
      }))
      await free.reload()
      await free.run('create', { live: '/live.json' })
      stage.expect(await free.run('backend')).toBe('wasm')
      await usesLive(free, stage)
      await free.run('view', ...LAMPS)
      stage.expect([await free.run('rank', mixed()), await free.run('recommend', { limit: 50 })]).toEqual(js)
    },

    'script and worker from a CDN: npm': async (stage) => {
      const { cdn } = stage.site
      const tab = await under(stage, fromCdn(cdn))
      await tab.run('create', { live: '/live.json' }, `${cdn}/nearside/index.js`)
      await works(tab, stage)
    },

    'script and worker from a CDN: script tag': async (stage) => {
      const { cdn } = stage.site
      await works(await under(stage, fromCdn(cdn), tag(cdn, '/packs/shop/')), stage)
    },

    'nearside/inline': async (stage) => {
      const tab = await under(stage, SELF.replace("worker-src 'self'", 'worker-src blob:'))
      await tab.run('create', { live: '/live.json' }, '/nearside/inline.js')
      await works(tab, stage)
    },

    'pack from another origin': async (stage) => {
      const { cdn } = stage.site
      const tab = await under(stage, SELF.replace("connect-src 'self'", `connect-src ${cdn}`))
      await tab.run('create', { pack: `${cdn}/packs/shop/`, live: `${cdn}/live.json` })
      await works(tab, stage)
    },

    'pack from another origin that connect-src does not name': async (stage) => {
      const tab = await under(stage, SELF)
      await tab.run('create', { pack: `${stage.site.cdn}/packs/shop/` })
      stage
        .expect((await tab.run('ready')).pack)
        .toMatchObject({ state: 'failed', error: stage.expect.stringContaining('connect-src') })
      stage
        .expect(await tab.run('rank', mixed()))
        .toMatchObject({ by: 'server', why: 'no-pack', ids: mixed() })
    },

    'Trusted Types, own origin': async (stage) => {
      const tab = await under(stage, SELF + TRUSTED)
      await tab.run('create', { live: '/live.json' })
      await works(tab, stage)
    },

    'Trusted Types, from a CDN: npm': async (stage) => {
      const { cdn } = stage.site
      const tab = await under(stage, fromCdn(cdn, TRUSTED))
      await tab.run('create', { live: '/live.json' }, `${cdn}/nearside/index.js`)
      await works(tab, stage)
    },

    'Trusted Types, from a CDN: script tag': async (stage) => {
      const { cdn } = stage.site
      await works(await under(stage, fromCdn(cdn, TRUSTED), tag(cdn, '/packs/shop/')), stage)
    },

    'Trusted Types, inline': async (stage) => {
      const tab = await under(stage, SELF.replace("worker-src 'self'", 'worker-src blob:') + TRUSTED)
      await tab.run('create', { live: '/live.json' }, '/nearside/inline.js')
      await works(tab, stage)
    },

    'no worker allowed: the server\u2019s order stands and the page is told why': async (stage) => {
      const { expect } = stage
      const tab = await under(stage, SELF.replace("worker-src 'self'", "worker-src 'none'"))
      await tab.run('create')
      expect(await tab.run('rank', mixed())).toMatchObject({ by: 'server', why: 'error', ids: mixed() })
      expect(await tab.run('recommend')).toMatchObject({ by: 'server', ids: [] })
      expect((await tab.run('status')).error).toBeTruthy()
      expect(tab.errors.filter((error) => error.includes('worker-src')).length).toBeGreaterThan(0)
    },

    'Trusted Types without a policy of our name: the same': async (stage) => {
      const tab = await under(stage, `${SELF}; require-trusted-types-for 'script'; trusted-types shop`)
      await tab.run('create')
      stage.expect(await tab.run('rank', mixed())).toMatchObject({ by: 'server', why: 'error', ids: mixed() })
    },
  },
})
