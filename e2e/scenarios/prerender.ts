/** Pages that the browser prerenders, by speculation rules, before the visitor opens them. */
import { share } from '../goods.js'
import { above, below, IDS, likesLamps, lists } from '../lists.js'
import { type Stage, scenario } from '../scenario.js'

const page = globalThis as unknown as { found: { prerendering: boolean; by: string | null }[] }

const acts = {
  ...lists,
  /** Whether the visitor was given a prerendered page. */
  activated: () =>
    (
      performance.getEntriesByType('navigation')[0] as PerformanceNavigationTiming & {
        activationStart: number
      }
    ).activationStart > 0,
  /** What the page noted while it was prerendered. */
  found: () => page.found,
}
type Acts = typeof acts

const TAG = '<script async src="/nearside/nearside.js" data-pack="/packs/shop/" data-timeout="1500"></script>'
/** Notes how the list stands while the page is prerendered. */
const NOTE = `<script>
  found = []
  setInterval(() => document.prerendering && found.push({
    prerendering: true, by: document.querySelector('[data-nearside-rank]')?.dataset.nearsideBy ?? null }), 100)
</script>`

const list = (ids: readonly string[]) =>
  `<ul data-nearside-rank="home">${ids.map((id) => `<li data-nearside-item="${id}">${id}</li>`).join('')}</ul>`

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Opens a page that has the browser prerender the next one, waits, and clicks through. */
async function prerendered(stage: Stage<Acts>, body: string, ms: number) {
  const tab = await likesLamps(stage)
  await tab.run('packStored')
  const next = stage.page({ head: NOTE + TAG, body })
  const rules = JSON.stringify({ prerender: [{ urls: [next], eagerness: 'immediate' }] })
  await tab.goto(
    stage.page({
      head: `<script type="speculationrules">${rules}</script>`,
      body: `<a href="${next}">next</a>`,
    }),
  )
  await sleep(ms)
  stage.expect(stage.site.requests.filter(({ path }) => path === next)).toHaveLength(1)
  await tab.click('a')
  await stage.expect.poll(() => tab.run('activated').catch(() => false), { timeout: 5000 }).toBe(true)
  return tab
}

export default scenario({
  name: 'prerendered pages',
  acts,
  tests: {
    'a list that nobody has seen is ranked when the page is opened': async (stage) => {
      const { expect } = stage
      const tab = await prerendered(stage, above(2000) + list(IDS) + below, 3000)
      expect(await tab.run('decided')).toEqual(['device', null])
      expect(share((await tab.run('order')) as string[], 'lamp', 6)).toBe(6)
      const found = await tab.run('found')
      expect(found.length).toBeGreaterThan(5)
      expect(found.filter(({ by }) => by !== null)).toEqual([])
      expect(tab.errors).toEqual([])
    },

    'impressions begin when the page is opened': async (stage) => {
      const { expect } = stage
      const tab = await prerendered(stage, list(IDS.slice(0, 4)) + below, 2500)
      const impressions = async () => (await tab.run('events')).filter(([name]) => name === 'view_item_list')
      expect(await impressions()).toEqual([])
      await expect.poll(impressions, { timeout: 5000 }).toEqual([['view_item_list', ...IDS.slice(0, 4)]])
    },
  },
})
