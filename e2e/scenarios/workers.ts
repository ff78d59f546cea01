/** Workers may end without an error: killed for memory, crashed or stuck. The page goes on, and no event is lost. */
import { mixed, share, sku } from '../goods.js'
import { scenario } from '../scenario.js'
import { EMPTY, KILLABLE, shop } from '../shop.js'

const LAMPS = [0, 1, 2].map((n) => sku('lamp', n))

export default scenario({
  name: 'a worker killed halfway',
  acts: {
    ...shop,
    async timedRank(ids: string[]) {
      const from = performance.now()
      const { by, why } = await shop.rank(ids)
      return { by, why, ms: performance.now() - from }
    },
    /** Ranks from time to time until the device answers again. */
    async untilDevice(ids: string[]) {
      for (let i = 0; i < 100; i++) {
        const answer = await shop.rank(ids)
        if (answer.by === 'device') return answer.ids
        await new Promise((resolve) => setTimeout(resolve, 300))
      }
      return undefined
    },
    /** Kills the worker while it ranks. */
    async rankAndKill(ids: string[]) {
      const answer = shop.rank(ids)
      shop.killWorkers()
      return answer
    },
    async killWhileStoring(delay: number) {
      await shop.ready()
      await new Promise((resolve) => setTimeout(resolve, delay))
      shop.killWorkers()
    },
    async health() {
      const { worker, restarts } = await shop.status()
      return { worker, restarts }
    },
  },
  tests: {
    'while it ranks: the server\u2019s order comes in time, and a new worker then knows everything again':
      async (stage) => {
        const { open, page, expect } = stage
        const tab = await open(page({ head: KILLABLE }))
        await tab.run('create', { consent: 'granted' })
        await tab.run('ready')
        await tab.run('view', ...LAMPS)
        await tab.run('packStored')
        expect(await tab.run('rankAndKill', mixed())).toMatchObject({
          by: 'server',
          why: 'timeout',
          ids: mixed(),
        })
        // Tracked while the worker is dead; the next worker takes the event.
        await tab.run('track', 'view_item', sku('lamp', 5))
        const after = await tab.run('timedRank', mixed())
        expect(after.ms).toBeLessThan(1000)
        expect(share((await tab.run('untilDevice', mixed())) ?? [], 'lamp')).toBe(8)
        expect(await tab.run('health')).toEqual({ worker: 'running', restarts: 1 })
        expect((await tab.run('events')).map(([, id]) => id)).toEqual([...LAMPS, sku('lamp', 5)])
      },

    'while it loads the pack: the next worker loads it': async ({ open, page, site, expect }) => {
      site.change(/\.bin\.gz$/, async (answer) => {
        await new Promise((resolve) => setTimeout(resolve, 400))
        return answer
      })
      const tab = await open(page({ head: KILLABLE }))
      await tab.run('create', { consent: 'granted' })
      await tab.run('track', 'view_item', LAMPS[0]!)
      expect(await tab.run('rank', mixed(), { timeout: 50 })).toMatchObject({
        by: 'server',
        why: 'not-ready',
      })
      await tab.run('killWorkers')
      expect(share((await tab.run('untilDevice', mixed())) ?? [], 'lamp')).toBe(8)
    },

    'while it stores the pack: the next page has a whole pack': async ({ open, page, expect }) => {
      const path = page({ head: KILLABLE })
      const tab = await open(path)
      for (let delay = 0; delay <= 60; delay += 10) {
        await tab.goto(path)
        await tab.run('create', { consent: 'granted' })
        await tab.run('ready')
        await new Promise((resolve) => setTimeout(resolve, delay))
        await tab.run('killWorkers')
      }
      await tab.goto(path)
      await tab.run('create')
      expect((await tab.run('ready')).pack.state).toBe('ready')
      await tab.run('view', ...LAMPS)
      expect(share((await tab.run('rank', mixed())).ids, 'lamp')).toBe(8)
      await tab.run('packStored')
    },

    'while it stores the pack, and the visitor denies at once: nothing stays stored': async ({
      open,
      page,
      expect,
    }) => {
      const path = page({ head: KILLABLE })
      const tab = await open(path)
      const other = await open(path)
      for (let delay = 0; delay <= 60; delay += 5) {
        await tab.goto(path)
        await tab.run('create', { consent: 'granted' })
        await tab.run('killWhileStoring', delay)
        await other.goto(path)
        await other.run('create', { consent: 'denied' })
        await other.run('nothingStored')
      }
      expect(await other.run('stored')).toEqual(EMPTY)
    },

    'before a grant: the events reach the next worker': async ({ open, page, expect }) => {
      const tab = await open(page({ head: KILLABLE }))
      await tab.run('create')
      await tab.run('ready')
      await tab.run('killWorkers')
      for (const id of LAMPS) await tab.run('track', 'view_item', id)
      expect(share((await tab.run('untilDevice', mixed())) ?? [], 'lamp')).toBe(8)
    },

    'destroy ends the worker, and no new one starts': async ({ open, page, expect }) => {
      const tab = await open(page({ head: KILLABLE }))
      await tab.run('create')
      await tab.run('ready')
      await tab.run('destroy')
      expect(await tab.run('rank', mixed())).toMatchObject({ by: 'server', ids: mixed() })
      expect(await tab.run('health')).toMatchObject({ worker: 'stopped' })
      expect(tab.errors).toEqual([])
    },
  },
})
