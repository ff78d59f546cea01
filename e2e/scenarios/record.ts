/** The page and the disk agree: data is on the disk only while the record of its grant stands, and `export` shows all of it. */
import type { Nearside } from '../../src/api.js'
import { mixed, share, sku } from '../goods.js'
import { type Stage, scenario } from '../scenario.js'
import { EMPTY, shop } from '../shop.js'

const LAMPS = [0, 1, 2].map((n) => sku('lamp', n))

const page = globalThis as unknown as { nearside: Nearside }

const acts = {
  ...shop,
  logOut: () => localStorage.clear(),
  /** Calls `forget` with any argument, also with a wrong one. */
  forgetThis: (what: unknown) => page.nearside.forget(what as never),
  state: () => page.nearside.consent.state,
  /** Keeps the log's database busy, as an earlier page does that the browser suspended in the midst of a write. */
  async writeFor(ms: number) {
    const db = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open('nearside')
      request.onsuccess = () => resolve(request.result)
      request.onerror = reject
    })
    const end = Date.now() + ms
    const store = db.transaction([...db.objectStoreNames], 'readwrite').objectStore('events')
    await new Promise<void>((resolve) => {
      const goOn = () => {
        if (Date.now() < end) store.count().onsuccess = goOn
        else resolve()
      }
      goOn()
    })
    db.close()
  },
  startWriting: (ms: number) => void acts.writeFor(ms),
  /** Tracks, and keeps the page too busy to answer, as a long script does. */
  async trackAndFreeze(ms: number, item: string) {
    acts.track('view_item', item)
    await new Promise((resolve) => setTimeout(resolve))
    const end = Date.now() + ms
    while (Date.now() < end);
  },
  startToTrackAndFreeze: (ms: number, item: string) => void setTimeout(acts.trackAndFreeze, 0, ms, item),
  /** Steals the lock from whoever holds it. */
  async stealLock() {
    for (let held = false; !held; ) {
      const { held: locks = [] } = await navigator.locks.query()
      held = locks.some(({ name }) => name === 'nearside')
    }
    await navigator.locks.request('nearside', { steal: true }, async () => {})
  },
  box: () =>
    localStorage.setItem(
      'nearside:outbox:1-2-3',
      'id=1-2-3-9&name=view_item&time=1790000000000 item_id=boxed',
    ),
}
type Acts = typeof acts

/** A page on which the visitor has granted and looked at lamps; pack and events are stored. */
async function granted({ open }: Stage<Acts>) {
  const tab = await open()
  await tab.run('create', { consent: 'granted' })
  await tab.run('ready')
  await tab.run('view', ...LAMPS)
  await tab.run('packStored')
  return tab
}

const ids = (events: string[][]) => events.map(([, id]) => id)

export default scenario({
  name: 'the record of a grant',
  everywhere: true,
  acts,
  tests: {
    'when it is cleared, an open tab notices, and the data on the disk is erased': async (stage) => {
      const { expect } = stage
      const tab = await granted(stage)
      const other = await stage.open()
      await other.run('create')
      await other.run('ready')
      await tab.run('logOut')
      // Any next event makes the page read the record.
      await tab.run('track', 'view_item', LAMPS[0]!)
      await tab.run('nothingStored')
      for (const one of [tab, other]) {
        expect(await one.run('state')).toBe('denied')
        expect(await one.run('events')).toEqual([])
      }
      expect(await tab.run('stored')).toEqual(EMPTY)
    },

    'when it is cleared, the next page erases what it finds': async (stage) => {
      const { expect } = stage
      const tab = await granted(stage)
      await tab.goto('/')
      await tab.run('logOut')
      await tab.run('create')
      expect(await tab.run('state')).toBe('unknown')
      expect(await tab.run('events')).toEqual([])
      await tab.run('nothingStored')
      const { by } = await tab.run('rank', mixed())
      expect(by).toBe('device')
    },

    'while the consent manager has not spoken, nothing is erased, read or added': async (stage) => {
      const { expect } = stage
      const tab = await granted(stage)
      const before = await tab.run('stored')
      await tab.goto('/')
      await tab.run('create', { consent: 'unknown' })
      await tab.run('ready')
      await tab.run('track', 'view_item', sku('rug', 0))
      expect((await tab.run('status')).events).toEqual({ session: 1, stored: 0 })
      expect(share((await tab.run('rank', mixed())).ids, 'lamp')).toBeLessThan(8)
      expect(await tab.run('stored')).toEqual(before)
      // Then the consent manager reports a grant.
      await tab.run('grant')
      await tab.run('consentIs', 'granted')
      await expect.poll(async () => ids(await tab.run('events'))).toEqual([...LAMPS, sku('rug', 0)])
    },

    'while the consent manager has not spoken, export shows the disk and forget reaches it': async (
      stage,
    ) => {
      const { expect } = stage
      const tab = await granted(stage)
      await tab.goto('/')
      await tab.run('create', { consent: 'unknown' })
      expect(await tab.run('data')).toMatchObject({ consent: 'unknown', kept: 'disk' })
      expect(ids(await tab.run('events'))).toEqual(LAMPS)
      expect(await tab.run('forget', LAMPS[1])).toBe(true)
      expect(ids(await tab.run('events'))).toEqual([LAMPS[0], LAMPS[2]])
      expect(await tab.run('forget')).toBe(true)
      expect(await tab.run('events')).toEqual([])
      expect((await tab.run('stored')).databases).not.toContain('nearside')
      expect(await tab.run('state')).toBe('unknown')
    },

    'a log that another page keeps busy delays no list, and no event is lost': async (stage) => {
      const { expect } = stage
      const tab = await granted(stage)
      await tab.goto('/')
      const other = await stage.open()
      await other.run('startWriting', 4000)
      await tab.run('create')
      const rugs = [0, 1, 2].map((n) => sku('rug', n))
      for (const rug of rugs) await tab.run('track', 'view_item', rug)
      const { by, ids: ranked } = await tab.run('rank', mixed(), { timeout: 2000 })
      expect(by).toBe('device')
      expect(share(ranked, 'rug')).toBe(8)
      expect(ids(await tab.run('events'))).toEqual([...LAMPS, ...rugs])
      expect((await tab.run('status')).events.stored).toBe(6)
    },

    'an erasure that does not wait for a busy page fails none of its later writes': async (stage) => {
      const { expect } = stage
      const tab = await granted(stage)
      const other = await stage.open()
      await tab.run('startToTrackAndFreeze', 1500, sku('rug', 0))
      await other.run('stealLock')
      await expect.poll(async () => (await tab.run('status')).events.stored).toBe(4)
      await tab.run('view', sku('rug', 1))
      await tab.reload()
      await tab.run('create')
      expect(ids(await tab.run('events'))).toEqual([...LAMPS, sku('rug', 0), sku('rug', 1)])
    },

    'a denial that no worker could carry out is finished by the next page': async (stage) => {
      const { site, expect } = stage
      const tab = await granted(stage)
      const mend = site.change(/worker\.js$/, () => ({ status: 503, body: '' }))
      await tab.goto('/')
      await tab.run('create')
      await tab.run('deny')
      expect(await tab.run('state')).toBe('denied')
      expect((await tab.run('stored')).databases).toContain('nearside')
      mend()
      await tab.goto('/')
      await tab.run('create')
      await tab.run('nothingStored')
      expect(await tab.run('events')).toEqual([])
    },

    'after a denial that no worker could carry out, the next grant finds no old data': async (stage) => {
      const { site, expect } = stage
      const tab = await granted(stage)
      const mend = site.change(/worker\.js$/, () => ({ status: 503, body: '' }))
      await tab.goto('/')
      await tab.run('create')
      await tab.run('deny')
      mend()
      await tab.goto('/')
      await tab.run('create', { consent: 'granted' })
      await tab.run('ready')
      expect(await tab.run('events')).toEqual([])
      await tab.run('view', sku('mug', 0))
      await tab.goto('/')
      await tab.run('create')
      expect(ids(await tab.run('events'))).toEqual([sku('mug', 0)])
    },

    'export shows events in the outbox of an earlier page, and forget erases them': async (stage) => {
      const { expect } = stage
      const tab = await granted(stage)
      await tab.goto('/')
      await tab.run('box')
      await tab.run('create', { consent: 'unknown' })
      expect(ids(await tab.run('events'))).toEqual([...LAMPS, 'boxed'])
      expect(await tab.run('forget')).toBe(true)
      expect(await tab.run('events')).toEqual([])
      expect((await tab.run('stored')).local).toEqual(['nearside:consent'])
    },

    'forget erases only what its argument clearly names': async (stage) => {
      const { expect } = stage
      const tab = await granted(stage)
      expect(await tab.run('forgetThis', LAMPS[0]!)).toBe(true)
      expect(ids(await tab.run('events'))).toEqual([LAMPS[1], LAMPS[2]])
      for (const mistake of [{ item: null }, { item: '' }, { itme: LAMPS[1] }, [], '', { item: {} }]) {
        expect(await tab.run('forgetThis', mistake)).toBe(false)
      }
      expect(ids(await tab.run('events'))).toEqual([LAMPS[1], LAMPS[2]])
      expect(await tab.run('forgetThis', {})).toBe(true)
      expect(await tab.run('events')).toEqual([])
    },

    'a grant for an unknown purpose grants nothing': async ({ open, expect }) => {
      const tab = await open()
      await tab.run('create')
      await tab.run('ready')
      await tab.run('grant', 'ads')
      expect(await tab.run('state')).toBe('unknown')
      expect(await tab.run('stored')).toEqual(EMPTY)
    },
  },
})
