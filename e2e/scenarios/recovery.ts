/** The SDK recovers from failures by itself, and says once what went wrong and what to do. */
import { mixed, sku } from '../goods.js'
import { scenario } from '../scenario.js'
import { shop } from '../shop.js'

const acts = {
  ...shop,
  async serviceWorker() {
    await navigator.serviceWorker.register('/sw.js')
    await navigator.serviceWorker.ready
    if (!navigator.serviceWorker.controller) {
      await new Promise((resolve) => navigator.serviceWorker.addEventListener('controllerchange', resolve))
    }
  },
  sequence: async () => (await shop.status()).pack.sequence ?? null,
  state: async () => (await shop.status()).pack.state,
  buy(transaction: string) {
    globalThis.nearside.track('purchase', {
      transaction_id: transaction,
      items: [{ item_id: 'mug00', quantity: 1 }],
    })
  },
}

declare global {
  var nearside: import('../../src/api.js').Nearside
}

/** A service worker that answers everything from its cache first, as in many tutorials. */
const CACHE_FIRST = `
addEventListener('install', () => skipWaiting())
addEventListener('activate', (event) => event.waitUntil(clients.claim()))
addEventListener('fetch', (event) => {
  event.respondWith((async () => {
    const cache = await caches.open('shop')
    const found = await cache.match(event.request)
    if (found) return found
    const answer = await fetch(event.request)
    if (event.request.method === 'GET' && answer.ok) await cache.put(event.request, answer.clone())
    return answer
  })())
})`

export default scenario({
  name: 'recovery',
  acts,
  tests: {
    'a failed request for the manifest is repeated within seconds': async ({ open, site, expect }) => {
      const mend = site.change(/manifest\.json$/, () => ({ status: 503, body: '' }))
      const tab = await open()
      await tab.run('create')
      expect((await tab.run('ready')).pack.state).toBe('failed')
      mend()
      await expect.poll(() => tab.run('state'), { timeout: 10_000 }).toBe('ready')
      await tab.run('view', sku('lamp', 0))
      expect((await tab.run('rank', mixed())).by).toBe('device')
    },

    'a page that was opened offline gets its pack as soon as the network is back': async (stage) => {
      const { open, site, expect } = stage
      const tab = await open()
      await tab.run('create', { pack: '/packs/none/' })
      await tab.run('ready')
      await tab.run('destroy')
      // From here on there is no network, for longer than the first retries take.
      const mend = site.change(/manifest\.json$/, () => ({ cutAt: 0, body: '' }))
      await tab.run('create')
      await expect.poll(() => tab.run('state'), { timeout: 5000 }).toBe('failed')
      await new Promise((resolve) => setTimeout(resolve, 10_000))
      await stage.offline(true)
      mend()
      await stage.offline(false)
      await expect.poll(() => tab.run('state'), { timeout: 3000 }).toBe('ready')
    },

    'a wrong pack path is reported once, with what to check': async ({ open, expect }) => {
      const tab = await open()
      await tab.run('create', { pack: '/paks/shop/' })
      await tab.run('ready')
      await tab.run('rank', mixed())
      await tab.run('rank', mixed())
      const ours = tab.errors.filter((error) => error.startsWith('nearside:'))
      expect(ours).toEqual([expect.stringMatching(/\/paks\/shop\/.*manifest\.json.*404/)])
    },

    'there is a warning for an option that does not exist, and none for attributes of other tools': async ({
      open,
      page,
      expect,
    }) => {
      const tab = await open()
      await tab.run('create', { tiemout: 9 } as object)
      await tab.run('ready')
      expect(tab.warnings).toEqual([expect.stringMatching(/unknown option tiemout\. Options are/)])
      const attributes =
        'data-pack="/packs/shop/" data-time-out="9" data-turbo-track="reload" data-domain="shop"'
      const head = `<script async src="/nearside/nearside.js" ${attributes}></script>`
      const tagged = await open(page({ head }))
      await tagged.run('ready')
      expect(tagged.warnings).toEqual([expect.stringMatching(/unknown option timeOut\. Options are/)])
    },

    'a part of the engine that is not served is reported once': async ({ open, site, expect }) => {
      site.change(/(shape|live)\.js$/, () => ({ status: 404, body: '' }))
      const tab = await open()
      await tab.run('create', { live: '/live.json', ranking: { variety: true } })
      await tab.run('ready')
      for (let n = 0; n < 3; n++) {
        expect(await tab.run('rank', mixed())).toMatchObject({ by: 'server', why: 'error', ids: mixed() })
      }
      const part = (name: string) => `nearside: ${name}.js did not load; serve it beside worker.js`
      expect(tab.warnings.toSorted()).toEqual([part('live'), part('shape')])
    },

    'a wrong key is reported once': async ({ open, expect }) => {
      const tab = await open()
      const key = Buffer.alloc(32, 7).toString('base64')
      await tab.run('create', { key })
      await tab.run('ready')
      const ours = tab.errors.filter((error) => error.startsWith('nearside:'))
      expect(ours).toEqual([expect.stringMatching(/manifest\.sig.*key/)])
    },

    'a service worker that answers from its cache first does not hide a new pack': async (stage) => {
      const { open, site, expect } = stage
      site.serve('/sw.js', { headers: { 'Content-Type': 'text/javascript' }, body: CACHE_FIRST })
      const tab = await open()
      await tab.run('serviceWorker')
      await tab.reload()
      await tab.run('create')
      await tab.run('ready')
      expect(await tab.run('sequence')).toBe(1)
      stage.publish(stage.release(2))
      await tab.reload()
      await tab.run('create')
      await tab.run('ready')
      await expect.poll(() => tab.run('sequence'), { timeout: 5000 }).toBe(2)
    },

    'a purchase that a thank-you page sends again counts once': async ({ open, expect }) => {
      const tab = await open()
      await tab.run('create', { consent: 'granted' })
      await tab.run('buy', 'T-1')
      await tab.run('buy', 'T-1')
      expect(await tab.run('events')).toHaveLength(1)
      await tab.reload()
      await tab.run('create')
      await tab.run('buy', 'T-1')
      await tab.run('buy', 'T-2')
      expect(await tab.run('events')).toHaveLength(2)
    },
  },
})
