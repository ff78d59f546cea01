/** Consent: what is written in which state, and that a denial counts in every tab. */
import { mixed, share, sku } from '../goods.js'
import { scenario } from '../scenario.js'
import { EMPTY, shop } from '../shop.js'

const LAMPS = [0, 1, 2].map((n) => sku('lamp', n))

export default scenario({
  name: 'consent',
  acts: {
    ...shop,
    storedConsent: () => localStorage.getItem('nearside:consent'),
  },
  tests: {
    'before a grant nothing is written to any storage, whatever the page does': async ({
      open,
      page,
      expect,
    }) => {
      const list = `<ul data-nearside-rank="home">${mixed()
        .map((id) => `<li data-nearside-item="${id}">${id}</li>`)
        .join('')}</ul>`
      const head = '<script async src="/nearside/nearside.js" data-pack="/packs/shop/"></script>'
      const tab = await open(page({ head, body: list }))
      await tab.run('ready')
      await tab.run('view', ...LAMPS)
      expect(share((await tab.run('rank', mixed())).ids, 'lamp')).toBe(8)
      await tab.run('recommend')
      await tab.run('similar', LAMPS[0]!)
      await tab.run('forget', LAMPS[0])
      expect(await tab.run('stored')).toEqual(EMPTY)
      await tab.reload()
      await tab.run('ready')
      expect(await tab.run('stored')).toEqual(EMPTY)
      expect(await tab.run('events')).toEqual([])
      await tab.run('track', 'view_item', LAMPS[0]!)
      await tab.goto('/')
      expect(await tab.run('stored')).toEqual(EMPTY)
    },

    'a grant keeps what this page has learned, and the next page knows it': async ({ open, expect }) => {
      const tab = await open()
      await tab.run('create')
      await tab.run('ready')
      await tab.run('view', ...LAMPS)
      await tab.run('grant')
      await tab.run('packStored')
      expect(await tab.run('data')).toMatchObject({ consent: 'granted', kept: 'disk' })
      await tab.reload()
      await tab.run('create')
      expect(await tab.run('consent')).toBe('granted')
      expect((await tab.run('events')).map(([, id]) => id)).toEqual(LAMPS)
      expect((await tab.run('ready')).pack.from).toBe('opfs')
      expect(share((await tab.run('rank', mixed())).ids, 'lamp')).toBe(8)
    },

    'a denial wipes storage and memory in every tab, and nothing is learned any more': async ({
      open,
      expect,
    }) => {
      const [one, two] = [await open(), await open()]
      for (const tab of [one, two]) await tab.run('create', { consent: 'granted' })
      for (const tab of [one, two]) await tab.run('ready')
      await one.run('view', ...LAMPS)
      await one.run('packStored')
      expect((await two.run('events')).length).toBe(3)

      await two.run('deny')
      await one.run('consentIs', 'denied')
      expect(await one.run('consent')).toBe('denied')
      await one.run('nothingStored')
      for (const tab of [one, two]) {
        expect(await tab.run('rank', mixed())).toMatchObject({ by: 'server', why: 'denied', ids: mixed() })
        await tab.run('track', 'view_item', LAMPS[0]!)
        expect(await tab.run('data')).toMatchObject({ kept: 'nothing', events: [], profile: [] })
        expect(await tab.run('stored')).toEqual(EMPTY)
      }
      await one.reload()
      await one.run('create')
      expect(await one.run('consent')).toBe('unknown')
      expect(await one.run('events')).toEqual([])
    },

    'a denial reaches a tab that has decided nothing yet': async ({ open, expect }) => {
      const [one, two] = [await open(), await open()]
      for (const tab of [one, two]) await tab.run('create')
      for (const tab of [one, two]) await tab.run('ready')
      await one.run('view', ...LAMPS)
      await two.run('deny')
      await one.run('consentIs', 'denied')
      expect(await one.run('events')).toEqual([])
      expect(await one.run('stored')).toEqual(EMPTY)
    },

    'a page that starts denied wipes what earlier pages kept': async ({ open, expect }) => {
      const tab = await open()
      await tab.run('create', { consent: 'granted' })
      await tab.run('view', ...LAMPS)
      await tab.run('packStored')
      await tab.reload()
      await tab.run('create', { consent: 'denied' })
      expect(await tab.run('rank', mixed())).toMatchObject({ by: 'server', why: 'denied' })
      await tab.run('nothingStored')
    },

    'a denied page requests only its script': async ({ open, site, expect }) => {
      const tab = await open()
      await tab.run('create', { consent: 'denied' })
      await tab.run('rank', mixed())
      await tab.run('status')
      expect(site.requests.filter(({ path }) => path.startsWith('/packs/'))).toEqual([])
    },

    'a denial is recorded only if the shop asks for it': async ({ open, expect }) => {
      const tab = await open()
      await tab.run('create', { remember: true })
      await tab.run('deny')
      expect(await tab.run('storedConsent')).toBe('denied')
      await tab.reload()
      await tab.run('create')
      expect(await tab.run('consent')).toBe('denied')
      expect((await tab.run('stored')).local).toEqual(['nearside:consent'])
    },

    'a grant after a denial starts without the earlier events': async ({ open, expect }) => {
      const tab = await open()
      await tab.run('create', { consent: 'granted' })
      await tab.run('view', ...LAMPS)
      await tab.run('deny')
      await tab.run('grant')
      await tab.run('ready')
      expect(await tab.run('events')).toEqual([])
      await tab.run('view', sku('mug', 0), sku('mug', 1))
      expect(share((await tab.run('rank', mixed())).ids, 'mug')).toBe(8)
      await tab.reload()
      await tab.run('create')
      expect((await tab.run('events')).map(([, id]) => id)).toEqual([sku('mug', 0), sku('mug', 1)])
    },

    'Global Privacy Control denies': async ({ open, page, expect }) => {
      const head =
        '<script>Object.defineProperty(navigator, "globalPrivacyControl", { value: true })</script>'
      const tab = await open(page({ head }))
      await tab.run('create')
      expect(await tab.run('consent')).toBe('denied')
      expect(await tab.run('rank', mixed())).toMatchObject({ by: 'server', why: 'denied' })
      expect(await tab.run('stored')).toEqual(EMPTY)
    },

    'forget erases what is held in every tab and keeps the decision': async ({ open, expect }) => {
      const [one, two] = [await open(), await open()]
      for (const tab of [one, two]) await tab.run('create', { consent: 'granted' })
      for (const tab of [one, two]) await tab.run('ready')
      await one.run('view', ...LAMPS)
      expect((await two.run('events')).length).toBe(3)
      expect(await one.run('forget')).toBe(true)
      expect(await one.run('events')).toEqual([])
      await expect.poll(() => two.run('events')).toEqual([])
      expect((await one.run('stored')).databases).not.toContain('nearside')
      for (const tab of [one, two]) expect(await tab.run('consent')).toBe('granted')
      await one.reload()
      await one.run('create')
      expect(await one.run('consent')).toBe('granted')
      expect(await one.run('events')).toEqual([])
    },

    'forgetting one item reaches memory, disk and the other tab': async ({ open, expect }) => {
      const [one, two] = [await open(), await open()]
      for (const tab of [one, two]) await tab.run('create', { consent: 'granted' })
      for (const tab of [one, two]) await tab.run('ready')
      await one.run('view', ...LAMPS)
      await one.run('forget', LAMPS[1])
      const left = [LAMPS[0], LAMPS[2]]
      expect((await one.run('events')).map(([, id]) => id)).toEqual(left)
      await expect.poll(async () => (await two.run('events')).map(([, id]) => id)).toEqual(left)
      await two.reload()
      await two.run('create')
      expect((await two.run('events')).map(([, id]) => id)).toEqual(left)
    },
  },
})
