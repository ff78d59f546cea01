/** The event log in a real IndexedDB: what must be kept, what must be erased, and what can go wrong. */
import { DAY_MS, type EventLog, type Retention } from '../../../worker/feedback/log.js'
import { eraseDiskLog, openDiskLog } from '../../../worker/feedback/store.js'
import type { ShownList, WireEvent } from '../../../worker/protocol.js'
import { scenario } from '../../scenario.js'

const NOW = Date.UTC(2025, 5, 1)
const view = (id: string, time = NOW, ...items: string[]): WireEvent => ({
  id,
  name: 'view_item',
  time,
  items: (items.length > 0 ? items : ['a']).map((item_id) => ({ item_id })),
})
const views = (n: number, from = 0): WireEvent[] =>
  Array.from({ length: n }, (_, i) => view(`e${from + i}`, NOW + from + i))

const ALL: Retention = { days: 180, events: 5000 }
let log: EventLog
const all = () => log.events(ALL, NOW + DAY_MS)
/** What the page would answer to the question whether the grant stands. */
let stands = true
let erased = 0
const trouble: string[] = []

/** Resolves with true as soon as the condition holds, or with false after five seconds. */
async function eventually(condition: () => boolean | Promise<boolean>): Promise<boolean> {
  for (let i = 0; i < 100; i++) {
    if (await condition()) return true
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return false
}

const databases = async () => (await indexedDB.databases()).map(({ name }) => name)

export default scenario({
  name: 'feedback: the log on disk',
  acts: {
    async open(grant = 'granted:1') {
      log = openDiskLog('shop', {
        grant,
        permit: async (write) => (stands ? write() : undefined),
        alone: (erase) => erase(),
        onErased: () => void erased++,
        onTrouble: (message) => void trouble.push(message),
      })
      await all()
    },
    add: (events: WireEvent[]) => log.add(events),
    ids: async () => (await all()).map(({ id }) => id),
    all,
    count: async () => (await all()).length,
    state: () => ({ kind: log.kind, erased, trouble }),
    removeItem: (id: string) => log.removeItem(id),
    keepTo: (retention: Retention, now: number) => log.events(retention, now),
    wipe: () => log.wipe(),
    close: () => log.close(),
    erase: () => eraseDiskLog('shop'),
    withdraw: () => {
      stands = false
    },
    show: (lists: ShownList[]) => log.add([], lists),
    lists: () => log.lists(ALL, NOW + DAY_MS),
    databases,
    wasErased: () => eventually(() => erased > 0),

    /** Makes many calls in one tick, and returns how many transactions they took. */
    async addInOneTick(batches: WireEvent[][]) {
      let transactions = 0
      const { transaction } = IDBDatabase.prototype
      IDBDatabase.prototype.transaction = function (...args) {
        transactions++
        return transaction.apply(this, args)
      }
      await Promise.all(batches.map((events) => log.add(events)))
      IDBDatabase.prototype.transaction = transaction
      return transactions
    },

    /** Calls a wipe while writes are running, and adds one event after it. */
    async addWipeAdd() {
      const early = [log.add(views(50)), log.add(views(50, 50))]
      const wiped = log.wipe()
      const late = log.add(views(1, 100))
      await Promise.all([...early, wiped, late])
    },

    /** Opens a connection that does not close when it should, like that of a frozen tab. */
    async holdOn() {
      await new Promise((resolve, reject) => {
        const request = indexedDB.open('shop')
        request.onsuccess = resolve
        request.onerror = reject
      })
    },

    async fillUp() {
      for (let i = 0; i < 40; i++) {
        // Random text, because the database compresses.
        const query = Array.from({ length: 20_000 }, () => Math.random().toString(36).slice(2)).join('')
        await log.add([{ ...view(`big${i}`, NOW + i), query }])
      }
      return { stored: (await all()).map(({ id }) => id), kind: log.kind }
    },
  },

  tests: {
    'events survive a reload, in order, each once': async ({ open, expect }) => {
      const tab = await open()
      await tab.run('open')
      await tab.run('add', [view('late', NOW + 2), view('early', NOW), view('late', NOW)])
      await tab.reload()
      await tab.run('open')
      await tab.run('add', [view('late', NOW), view('middle', NOW + 1)])
      expect(await tab.run('ids')).toEqual(['early', 'middle', 'late'])
      expect(await tab.run('all')).toContainEqual(view('late', NOW + 2))
    },

    'calls of one tick share a transaction': async ({ open, expect }) => {
      const tab = await open()
      await tab.run('open')
      expect(await tab.run('addInOneTick', [views(2), [], views(3), views(1, 10)])).toBe(1)
      expect(await tab.run('ids')).toEqual(['e0', 'e1', 'e2', 'e10'])
    },

    'an acknowledged event is still there after the tab was killed': async ({ open, expect }) => {
      const tab = await open()
      await tab.run('open')
      await tab.run('add', views(20))
      await tab.close()
      const next = await open()
      await next.run('open')
      expect(await next.run('count')).toBe(20)
    },

    'two tabs write to one log': async ({ open, expect }) => {
      const [one, two] = [await open(), await open()]
      await Promise.all([one.run('open'), two.run('open')])
      await Promise.all([one.run('add', views(200)), two.run('add', views(200, 100))])
      expect(await one.run('count')).toBe(300)
      expect(await two.run('count')).toBe(300)
    },

    'when one item is forgotten, the other items of its events stay': async ({ open, expect }) => {
      const tab = await open()
      await tab.run('open')
      await tab.run('add', [view('one', NOW, 'a'), view('two', NOW, 'a', 'b'), view('three', NOW, 'b')])
      await tab.run('removeItem', 'a')
      await tab.reload()
      await tab.run('open')
      expect(await tab.run('all')).toEqual([view('two', NOW, 'b'), view('three', NOW, 'b')])
    },

    'the limits of age and count hold, and times from a fast clock are corrected': async ({
      open,
      expect,
    }) => {
      const tab = await open()
      await tab.run('open')
      await tab.run('add', [
        view('old', NOW - 181 * DAY_MS),
        view('too many', NOW - 179 * DAY_MS),
        view('before', NOW - 300),
        view('ahead', NOW + 9 * DAY_MS),
        view('after', NOW - 100),
      ])
      await tab.run('keepTo', { days: 180, events: 3 }, NOW)
      expect((await tab.run('all')).map(({ id, time }) => [id, time - NOW])).toEqual([
        ['before', -300],
        ['ahead', -100],
        ['after', -100],
      ])
    },

    'reading a log that was never written creates no database': async ({ open, expect }) => {
      const tab = await open()
      await tab.run('open')
      expect(await tab.run('ids')).toEqual([])
      await tab.run('removeItem', 'a')
      expect(await tab.run('databases')).toEqual([])
    },

    'nothing is written once the grant no longer stands': async ({ open, expect }) => {
      const tab = await open()
      await tab.run('open')
      expect(await tab.run('add', views(1))).toBe(true)
      await tab.run('withdraw')
      expect(await tab.run('add', views(1, 1))).toBe(false)
      expect(await tab.run('ids')).toEqual(['e0'])
    },

    'what was stored under an earlier grant is erased, not read': async ({ open, expect }) => {
      const tab = await open()
      await tab.run('open')
      await tab.run('add', views(3))
      await tab.reload()
      await tab.run('open', 'granted:2')
      expect(await tab.run('ids')).toEqual([])
      await tab.run('add', views(1, 7))
      await tab.reload()
      await tab.run('open', 'granted:2')
      expect(await tab.run('ids')).toEqual(['e7'])
    },

    'shown lists are kept in their latest form, and a forgotten item is removed from them': async ({
      open,
      expect,
    }) => {
      const list = (requestId: string, ...ids: string[]): ShownList => ({
        requestId,
        slot: 'home',
        time: NOW,
        by: 'device',
        ids,
      })
      const tab = await open()
      await tab.run('open')
      await tab.run('show', [list('r1', 'a', 'b'), list('r2', 'c')])
      await tab.run('show', [{ ...list('r1', 'b', 'a'), by: 'server' }])
      await tab.run('removeItem', 'a')
      await tab.reload()
      await tab.run('open')
      expect(await tab.run('lists')).toEqual([{ ...list('r1', 'b', ''), by: 'server' }, list('r2', 'c')])
      await tab.run('wipe')
      expect(await tab.run('lists')).toEqual([])
    },

    'a wipe leaves no database, and nothing written before it comes back': async ({ open, expect }) => {
      const tab = await open()
      await tab.run('open')
      await tab.run('add', views(3))
      await tab.run('wipe')
      expect(await tab.run('databases')).toEqual([])
      await tab.run('addWipeAdd')
      expect(await tab.run('ids')).toEqual(['e100'])
    },

    'a wipe in one tab is reported to the other, which can go on': async ({ open, expect }) => {
      const [one, two] = [await open(), await open()]
      await one.run('open')
      await one.run('add', views(3))
      await two.run('open')
      await one.run('wipe')
      expect(await two.run('wasErased')).toBe(true)
      expect(await one.run('databases')).toEqual([])
      expect(await one.run('state')).toMatchObject({ erased: 0 })
      await two.run('add', views(1, 7))
      expect(await one.run('ids')).toEqual(['e7'])
    },

    'a tab that keeps its connection open does not delay a wipe, and the events are gone at once': async ({
      open,
      expect,
    }) => {
      const [one, two] = [await open(), await open()]
      await one.run('open')
      await one.run('add', views(3))
      await two.run('holdOn')
      await one.run('wipe')
      await two.close()
      await one.run('open')
      expect(await one.run('ids')).toEqual([])
    },

    'what an earlier page stored is erased without being opened': async ({ open, expect }) => {
      const tab = await open()
      await tab.run('open')
      await tab.run('add', views(3))
      await tab.reload()
      await tab.run('erase')
      expect(await tab.run('databases')).toEqual([])
    },

    'a connection that the browser closes is opened again': async ({ open, clearDatabases, expect }) => {
      const tab = await open()
      await tab.run('open')
      await tab.run('add', views(3))
      await clearDatabases()
      await tab.run('add', views(2, 5))
      expect(await tab.run('ids')).toEqual(['e5', 'e6'])
      expect(await tab.run('state')).toMatchObject({ kind: 'disk', trouble: [] })
    },

    'a full disk loses its oldest events, not its newest': async ({ open, quota, expect }) => {
      const tab = await open()
      await quota(3_000_000)
      await tab.run('open')
      const { stored, kind } = await tab.run('fillUp')
      expect(stored.at(-1)).toBe('big39')
      expect(stored).not.toContain('big0')
      expect(kind).toBe('disk')
    },

    'a disk that takes nothing is reported, and not tried again': async ({ open, quota, expect }) => {
      const tab = await open()
      await tab.run('open')
      await quota(1)
      await tab.run('add', views(2))
      expect(await tab.run('state')).toMatchObject({
        kind: 'memory',
        trouble: [expect.stringContaining('Quota')],
      })
      await tab.run('add', views(3))
      expect(await tab.run('state')).toMatchObject({ trouble: [expect.anything()] })
      await tab.run('wipe')
      expect(await tab.run('databases')).toEqual([])
    },
  },
})
