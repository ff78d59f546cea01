/**
 * Pages that work against us, by accident or on purpose: elements whose names hide properties of `document` and `window`,
 * libraries that change JavaScript's own functions, and values that are not ids.
 */
import type { Nearside } from '../../src/api.js'
import { mixed, share, sku } from '../goods.js'
import { above, below, IDS, likesLamps, lists, TAG } from '../lists.js'
import { type Stage, scenario } from '../scenario.js'

const page = globalThis as unknown as { nearside: Nearside; first: ReturnType<Nearside['rank']> }

/** Values of every kind that JavaScript has. A page may pass any of them as an id. */
const oddIds = () => [
  7n,
  1e21,
  Number.NaN,
  '',
  ' ',
  'two\nlines',
  'x'.repeat(300),
  true,
  null,
  undefined,
  Symbol('id'),
  {},
  Object.create(null),
  ['a'],
  () => 'a',
  new Proxy(
    {},
    {
      get: () => {
        throw new Error('shop')
      },
    },
  ),
]

const acts = {
  ...lists,

  /** The result of the call that the page made through the stub while it loaded. */
  async first() {
    const { by, items } = await page.first
    return { by, ids: items.map(({ item }) => item) }
  },

  /** Calls every method with every odd value, and returns what was thrown or rejected. */
  async oddities() {
    const { nearside } = page
    const failed: string[] = []
    const calls: [string, (value: never) => unknown][] = [
      ['track', (value) => nearside.track('view_item', { items: [{ item_id: value }] })],
      ['track details', (value) => nearside.track('view_item', value)],
      ['track items', (value) => nearside.track('view_item', { items: value })],
      ['track name', (value) => nearside.track(value, { items: [{ item_id: 'a' }] })],
      ['rank', (value) => nearside.rank([value, value])],
      ['rank list', (value) => nearside.rank(value)],
      ['rank id', (value) => nearside.rank([{ id: value }])],
      ['rank options', (value) => nearside.rank(['a'], value)],
      ['rank key', (value) => nearside.rank(['a'], { key: value })],
      ['recommend', (value) => nearside.recommend(value)],
      ['exclude', (value) => nearside.recommend({ exclude: value, seeds: value })],
      ['exclude one', (value) => nearside.recommend({ exclude: [value], seeds: [value] })],
      ['similar', (value) => nearside.similar(value)],
      ['similar options', (value) => nearside.similar('a', value)],
      ['explain', (value) => nearside.explain(value)],
      ['explain options', (value) => nearside.explain('a', value)],
      ['on', (value) => nearside.on(value, value)()],
      ['grant', (value) => nearside.consent.grant(value)],
    ]
    for (const [name, call] of calls) {
      for (const [i, value] of oddIds().entries()) {
        try {
          await call(value as never)
        } catch (error) {
          failed.push(`${name} ${i}: ${error}`)
        }
      }
    }
    return failed
  },

  /** How `track`, `rank`, `similar` and `explain` read the same id. */
  async readings() {
    const { nearside } = page
    const readings: (string | undefined)[][] = []
    for (const value of oddIds().slice(0, 15)) {
      await nearside.forget()
      nearside.track('view_item', { items: [{ item_id: value as never }] })
      const tracked = (await nearside.export())!.events[0]?.items[0]?.item_id ?? ''
      const ranked = (await nearside.rank([{ id: value as never }])).items[0]!.id
      const explained = await nearside.explain(value as never)
      readings.push([tracked, ranked, 'id' in explained ? explained.id : undefined])
    }
    return readings
  },

  /** How many of the first six items are lamps, in a list that the device has ordered. */
  async lampsFirst() {
    const [by] = (await lists.decided()) ?? []
    return by === 'device' ? share(lists.order() as string[], 'lamp', 6) : 0
  },

  async lastIs(id: string) {
    return (await lists.events()).at(-1)?.[1] === id ? 1 : 0
  },

  /** How many excluded items come back. The ids to exclude are given as a Set. */
  async excluded() {
    const picks = (await page.nearside.recommend({ limit: 3 })).items.map(({ id }) => id)
    const rest = await page.nearside.recommend({ limit: 3, exclude: new Set(picks) })
    return rest.items.filter(({ id }) => picks.includes(id)).length
  },
}
type Acts = typeof acts

const tag = (attributes = '') =>
  `<script async src="/nearside/nearside.js" data-pack="/packs/shop/" data-timeout="9000" ${attributes}></script>`

/** A review that holds pictures with these names, from the attacker's origin. */
const review = (cdn: string, names: readonly string[]) =>
  names
    .map(
      (name) =>
        `<img name="${name}" data-pack="${cdn}/evil/" data-worker="${cdn}/evil/worker.js" src="${cdn}/evil/x.png" alt="">`,
    )
    .join('')

/** Properties of `document` that the SDK or its parts read. */
const SHADOWING = [
  'currentScript',
  'baseURI',
  'readyState',
  'visibilityState',
  'prerendering',
  'activeElement',
  'querySelectorAll',
  'addEventListener',
  'dispatchEvent',
  'contains',
]

/** Names of form controls that hide the form's own properties. */
const CONTROLS = [
  'dataset',
  'closest',
  'contains',
  'querySelectorAll',
  'parentNode',
  'parentElement',
  'nextSibling',
  'childNodes',
  'insertBefore',
  'moveBefore',
  'isConnected',
  'getClientRects',
  'getBoundingClientRect',
  'getAttribute',
]
const controls = CONTROLS.map((name) => `<input type="hidden" name="${name}">`).join('')

const CSP = (cdn: string) =>
  `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; img-src ${cdn}; style-src 'unsafe-inline'`

async function asksNoAttacker({ site, expect }: Stage<Acts>) {
  const evil = site.requests.filter(({ path }) => path.startsWith('/evil/') && !path.endsWith('.png'))
  expect(evil).toEqual([])
}

const shadowed = (csp: boolean) => async (stage: Stage<Acts>) => {
  const { expect, site } = stage
  const tab = await likesLamps(stage)
  const items = `<ul data-nearside-rank="home">${IDS.map((id) => `<li data-nearside-item="${id}">${id}</li>`).join('')}</ul>`
  const body = review(site.cdn, SHADOWING) + above(2000) + items + below + tag().replace('async ', '')
  await tab.goto(stage.page({ body, ...(csp ? { csp: CSP(site.cdn) } : {}) }))
  expect(await tab.run('decided')).toEqual(['device', null])
  expect(share((await tab.run('order')) as string[], 'lamp', 6)).toBe(6)
  await asksNoAttacker(stage)
}

export default scenario({
  name: 'hostile pages',
  everywhere: true,
  acts,
  tests: {
    'pictures with the names of document properties change nothing': shadowed(false),
    'pictures with the names of document properties change nothing under a strict policy': shadowed(true),

    'elements named nearside are not taken for a client, a stub or options': async (stage) => {
      const { expect, site } = stage
      const tab = await likesLamps(stage)
      const stub = (await site.read('/nearside/stub.js')).trim()
      const fakes = [
        '<a id="nearside" href="#">about</a>',
        '<form id="nearside"><input name="rank"><input name="q"></form>',
        '<img name="nearside" alt="">',
        `<iframe name="nearside" src="${site.cdn}/"></iframe>`,
      ]
      for (const fake of fakes) {
        for (const before of [
          `<script>${stub}</script><script>first = nearside.rank(${JSON.stringify(mixed())})</script>`,
          '',
        ]) {
          const options = fake
            .replace('nearside', 'nearsideOptions')
            .replace('name="q"', `name="workerUrl" value="${site.cdn}/evil/worker.js"`)
          await tab.goto(stage.page({ body: fake + options + before + tag().replace('async ', '') }))
          expect((await tab.run('ready')).pack.state, fake).toBe('ready')
          expect(tab.errors, fake).toEqual([])
          if (before) expect(share((await tab.run('first')).ids as string[], 'lamp')).toBe(8)
        }
      }
      await asksNoAttacker(stage)
    },

    'a list and its items may be forms, with controls of any name': async (stage) => {
      const { expect } = stage
      const tab = await likesLamps(stage)
      const item = (id: string) =>
        `<li><form data-nearside-item="${id}">${controls}<a href="#">${id}</a></form></li>`
      const list = `<div id="list" data-nearside-rank="home">${IDS.map(item).join('')}</div>`
      const plain = (id: string) => `<div data-nearside-item="${id}">${id}</div>`
      const form = `<form id="form" data-nearside-rank="form">${controls}${IDS.map(plain).join('')}</form>`
      await tab.goto(stage.page({ head: TAG, body: above(2000) + list + form + below }))
      for (const within of ['#list', '#form']) {
        expect(await tab.run('decided', within)).toEqual(['device', null])
        expect(share((await tab.run('order', within)) as string[], 'lamp', 6)).toBe(6)
      }
      expect(tab.errors).toEqual([])
    },

    'libraries that change JSON, Promise and the clock do not stop worker, lists or events': async (
      stage,
    ) => {
      const { expect, site } = stage
      const tab = await likesLamps(stage)
      const head = `<script>
        Array.prototype.toJSON = String.prototype.toJSON = function () { return '[' + this + ']' }
        const stringify = JSON.stringify
        JSON.stringify = (value, ...more) => stringify(typeof value === 'string' ? '<' + value + '>' : value, ...more)
        const Native = Promise
        Promise = class extends Native {}
        delete Promise.withResolvers; Promise.allSettled = Promise.any = undefined
      </script>`
      const items = `<ul data-nearside-rank="home">${IDS.map((id) => `<li data-nearside-item="${id}">${id}</li>`).join('')}</ul>`
      const fromCdn = tag().replace('/nearside/', `${site.cdn}/nearside/`)
      await tab.goto(stage.page({ head: head + fromCdn, body: above(2000) + items + below }))
      // The act returns a number, because a driver may use JSON for results.
      expect(await tab.run('lampsFirst')).toBe(6)
      await tab.run('track', 'view_item', sku('mug', 3))
      await expect.poll(() => tab.run('lastIs', sku('mug', 3))).toBe(1)
    },

    'no method throws or rejects, whatever is passed': async (stage) => {
      const tab = await likesLamps(stage)
      stage.expect(await tab.run('oddities')).toEqual([])
    },

    'every call reads ids in the same way': async (stage) => {
      const { expect } = stage
      const tab = await likesLamps(stage)
      for (const reading of await tab.run('readings'))
        expect(new Set(reading).size, reading.join('|')).toBe(1)
      expect((await tab.run('readings')).slice(0, 2)).toEqual([
        ['7', '7', '7'],
        ['1e+21', '1e+21', '1e+21'],
      ])
      expect(await tab.run('excluded')).toBe(0)
    },
  },
})
