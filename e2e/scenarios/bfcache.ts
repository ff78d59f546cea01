/** Pages that come back from the back/forward cache. They were frozen while other pages changed the decision. */
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

/** A page or worker with this code at its start hears of no deleted database and receives no message. */
const DEAF = 'Object.defineProperty(self, "indexedDB", { value: undefined }); delete self.BroadcastChannel;'
const DEAF_PAGE = { head: '<script>delete self.BroadcastChannel</script>' }

/** Opens a page, grants, and goes to another page by a link. */
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
    'a page that comes back can rank again': async (stage) => {
      const { expect } = stage
      const tab = await leave(stage)
      await tab.back()
      expect(await tab.run('title')).toBe('restored')
      const { by, ids } = await tab.run('rank', mixed())
      expect([by, share(ids, 'lamp')]).toEqual(['device', 8])
      await tab.run('view', sku('lamp', 7))
      expect((await tab.run('events')).length).toBe(4)
    },

    'a page that comes back after a denial knows nothing, because the browser has discarded it': async (
      stage,
    ) => {
      const { expect } = stage
      const tab = await leave(stage)
      await tab.run('create')
      expect(await tab.run('consent')).toBe('granted')
      await tab.run('deny')
      await tab.run('nothingStored')
      await tab.back()
      // The browser removed it from the cache, because its database was deleted and a message could not be delivered.
      expect(await tab.run('title')).toBe('Shop')
      await tab.run('create')
      expect(await tab.run('consent')).toBe('unknown')
      expect(await tab.run('events')).toEqual([])
      expect(await tab.run('stored')).toEqual(EMPTY)
    },

    'a page that comes back after a denial is denied, even if no message could reach it': async (stage) => {
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

    'a page that is frozen while it stores a pack does not delay a denial': async (stage) => {
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

    'a frozen page does not delay an erasure': async (stage) => {
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
