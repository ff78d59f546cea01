/** The live file, through the script tag: what a visitor sees when a shop's stock and goods change between two packs. */
import type { Nearside } from '../../src/api.js'
import { LAMPS, mixed, share, sku } from '../goods.js'
import { lists, TAG } from '../lists.js'
import { type Stage, scenario, type Tab } from '../scenario.js'

const acts = {
  ...lists,
  live: async () => (await shop().status()).live,
  async picks() {
    const { items } = await shop().recommend({ limit: 8, timeout: 9000 })
    return items.map(({ id }) => id)
  },
  explain: (id: string) => shop().explain(id, { timeout: 9000 }),
}
type Acts = typeof acts
const shop = () => (globalThis as unknown as { nearside: Nearside }).nearside

/** The page of a shop with a live file. A list asks for the file again ten seconds after the last time. */
const OFTEN = `<script>nearsideOptions = { live: { url: '/live.json', seconds: 10 } }</script>${TAG}`
const USUAL = TAG.replace('data-pack', 'data-live="/live.json" data-pack')

let minute = 0

/** Publishes a live file that is newer than the last. */
function publish({ site }: Stage<Acts>, file: object): void {
  minute++
  const created = new Date(Date.UTC(2026, 0, 31, 12, minute)).toISOString()
  const body = JSON.stringify({ version: 1, pack: 1, created, ...file })
  site.serve('/live.json', { body })
}

const asked = ({ site }: Stage<Acts>) => site.requests.filter(({ path }) => path === '/live.json')

/** Waits until the page uses the file that was published last. */
async function used(tab: Tab<Acts>, { expect }: Stage<Acts>): Promise<void> {
  const created = new Date(Date.UTC(2026, 0, 31, 12, minute)).toISOString()
  // Only lists make the engine ask for the file again.
  const look = async () => {
    await tab.run('rank', mixed(8))
    return (await tab.run('live'))?.created
  }
  await expect.poll(look, { timeout: 20_000, interval: 250 }).toBe(created)
}

export default scenario({
  name: 'the live file',
  everywhere: true,
  acts,
  tests: {
    'data-live: what is out of stock goes to the end of lists, and out of picks': async (stage) => {
      const { expect } = stage
      const tab = await stage.open(stage.page({ head: TAG }))
      await tab.run('ready')
      await tab.run('view', ...LAMPS)
      const [before] = (await tab.run('rank', mixed())).ids
      const [pick] = await tab.run('picks')
      publish(stage, { out: [before, pick] })

      await tab.goto(stage.page({ head: USUAL }))
      await tab.run('ready')
      await used(tab, stage)
      await tab.run('view', ...LAMPS)
      expect((await tab.run('rank', mixed())).ids.at(-1)).toBe(before)
      expect(await tab.run('picks')).not.toContain(pick)
      expect(tab.errors).toEqual([])
    },

    'a new item is recommended soon after it is published, without a reload': async (stage) => {
      const { expect } = stage
      publish(stage, {})
      const tab = await stage.open(stage.page({ head: OFTEN }))
      await tab.run('ready')
      await used(tab, stage)
      const item = { id: 'lamp-new', title: 'The lamp of tomorrow', category: 'lamp', price: 9 }
      publish(stage, { items: [item] })
      await used(tab, stage)
      expect(await tab.run('explain', 'lamp-new')).toMatchObject({ known: true, facts: item })
      // Who is new in the shop sees what is new there.
      const openers = await tab.run('recommend', { limit: 20, timeout: 9000 })
      expect(openers.ids).toContain('lamp-new')
      // Once it has been compared with the catalogue, who likes lamps sees it before all that is no lamp.
      await tab.run('view', ...LAMPS)
      const before = async () => {
        const { ids } = await tab.run('recommend', { limit: 100, timeout: 9000 })
        return ids.slice(0, ids.indexOf('lamp-new') + 1)
      }
      await expect.poll(async () => (await before()).length, { timeout: 20_000 }).toBeGreaterThan(0)
      const found = await before()
      expect(share(found, 'lamp', 100)).toBe(found.length)
      expect(tab.errors).toEqual([])
    },

    'a page that asks for no list asks only once': async (stage) => {
      publish(stage, {})
      const tab = await stage.open(stage.page({ head: OFTEN }))
      await tab.run('ready')
      await stage.expect.poll(() => asked(stage).length).toBe(1)
      await new Promise((resolve) => setTimeout(resolve, 12_000))
      stage.expect(asked(stage)).toHaveLength(1)
    },

    'a bad file keeps the last good one, and the next good one replaces it': async (stage) => {
      const { expect, site } = stage
      publish(stage, { out: [sku('mug', 10)] })
      const tab = await stage.open(stage.page({ head: OFTEN }))
      await tab.run('ready')
      await used(tab, stage)
      expect((await tab.run('rank', mixed())).ids.at(-1)).toBe(sku('mug', 10))

      site.serve('/live.json', { body: '{"version":1,"pack":1,"out":' })
      const error = async () => {
        await tab.run('rank', mixed(8))
        return (await tab.run('live'))?.error
      }
      await expect.poll(error, { timeout: 20_000, interval: 250 }).toBe('not JSON')
      expect((await tab.run('rank', mixed())).ids.at(-1)).toBe(sku('mug', 10))

      publish(stage, { out: [sku('rug', 10)] })
      await used(tab, stage)
      const { by, ids } = await tab.run('rank', mixed())
      expect([by, ids.at(-1)]).toEqual(['device', sku('rug', 10)])
      expect((await tab.run('live'))?.error).toBeUndefined()
      expect(tab.errors).toEqual([])
    },

    'a file for another pack changes nothing': async (stage) => {
      const { expect } = stage
      publish(stage, { pack: 7, out: [sku('mug', 10)] })
      const tab = await stage.open(stage.page({ head: USUAL }))
      await tab.run('ready')
      await expect.poll(async () => (await tab.run('live'))?.state, { timeout: 20_000 }).toBe('other-pack')
      expect(await tab.run('rank', mixed())).toMatchObject({ by: 'device', ids: mixed() })
    },
  },
})
