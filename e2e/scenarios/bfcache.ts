/** Pages that come back from the back/forward cache, frozen while other pages decided. */
import { mixed, share, sku } from '../goods.js'
import { type Stage, scenario } from '../scenario.js'
import { EMPTY, shop } from '../shop.js'

const LAMPS = [0, 1, 2].map((n) => sku('lamp', n))

const acts = {
  ...shop,
  watch() {
    addEventListener('pageshow', ({ persisted }) => {
      document.title = persisted ? 'restored' : 'new'
    })
  },
  title: () => document.title,
}
type Acts = typeof acts

/** No deleted database and no message reaches a page or a worker that begins so. */
const DEAF = 'Object.defineProperty(self, "indexedDB", { value: undefined }); delete self.BroadcastChannel;'
const DEAF_PAGE = { head: '<script>delete self.BroadcastChannel</script>' }

/** A page on which the visitor has granted, left by a link to another. */
async function leave({ open, page }: Stage<Acts>, more = {}) {
  const tab = await open(page({ ...more, body: '<a href="/">on</a>' }))
  await tab.run('watch')
  await tab.run('create', { consent: 'granted' })
  await tab.run('ready')
  await tab.run('view', ...LAMPS)
  await tab.run('packStored')
  await tab.click('a')
  return tab
}

export default scenario({
  name: 'the back/forward cache',
  withoutFlags: ['--disable-back-forward-cache'],
  acts,
  tests: {
    'a page that comes back goes on ranking': async (stage) => {
      const { expect } = stage
      const tab = await leave(stage)
      await tab.back()
      expect(await tab.run('title')).toBe('restored')
      const { by, ids } = await tab.run('rank', mixed())
      expect([by, share(ids, 'lamp')]).toEqual(['device', 8])
      await tab.run('view', sku('lamp', 7))
      expect((await tab.run('events')).length).toBe(4)
    },

    'a page that comes back after a denial has forgotten: the browser gave it up': async (stage) => {
      const { expect } = stage
      const tab = await leave(stage)
      await tab.run('create')
      expect(await tab.run('consent')).toBe('granted')
      await tab.run('deny')
      await tab.run('nothingStored')
      await tab.back()
      // The deletion of its database, and the message that it could not hear, cost it its place in the cache.
      expect(await tab.run('title')).toBe('Shop')
      await tab.run('create')
      expect(await tab.run('consent')).toBe('unknown')
      expect(await tab.run('events')).toEqual([])
      expect(await tab.run('stored')).toEqual(EMPTY)
    },

    'a page that comes back after a denial that it could not hear of is denied': async (stage) => {
      const { expect, site } = stage
      const mend = site.change(/worker\.js$/, (answer) => ({ ...answer, body: DEAF + answer.body }))
      const tab = await leave(stage, DEAF_PAGE)
      mend()
      await tab.run('create')
      await tab.run('deny')
      await tab.run('nothingStored')
      await tab.back()
      expect(await tab.run('title')).toBe('restored')
      expect(await tab.run('consent')).toBe('denied')
      expect(await tab.run('rank', mixed())).toMatchObject({ by: 'server', why: 'denied' })
      expect(await tab.run('events')).toEqual([])
      expect(await tab.run('stored')).toEqual(EMPTY)
    },

    'a page that is frozen while it stores a pack holds up no denial': async (stage) => {
      const { expect, site } = stage
      const storing =
        'navigator.locks.request("nearside", { mode: "shared", ifAvailable: true }, () => new Promise(() => {}));'
      const { open, page } = stage
      const mend = site.change(/worker\.js$/, (answer) => ({ ...answer, body: DEAF + storing + answer.body }))
      const tab = await open(page({ ...DEAF_PAGE, body: '<a href="/">on</a>' }))
      await tab.run('create', { consent: 'granted' })
      await tab.run('ready')
      mend()
      await tab.click('a')
      await tab.run('create')
      await tab.run('view', ...LAMPS)
      await tab.run('deny')
      await tab.run('nothingStored')
      expect(await tab.run('stored')).toEqual(EMPTY)
    },

    'a page that is frozen holds up no erasure': async (stage) => {
      const { expect } = stage
      const tab = await leave(stage)
      const other = await stage.open()
      await other.run('create')
      expect(await other.run('forget')).toBe(true)
      expect(await other.run('events')).toEqual([])
      await tab.back()
      await tab.run('create')
      expect(await tab.run('consent')).toBe('granted')
      expect(await tab.run('events')).toEqual([])
    },
  },
})
