/** Pages that the browser prerenders, by speculation rules, before the visitor opens them. */
import { LAMPS, share } from '../goods.js'
import { above, all, below, IDS, lists } from '../lists.js'
import { type Stage, scenario } from '../scenario.js'

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const tell = (what: unknown) => fetch(`/told?${encodeURIComponent(JSON.stringify(what))}`)

interface Told {
  /** Whether the page was prerendered, and for how many milliseconds. */
  waited: number
  /** The value of `data-nearside-by` just before the visitor opened the page. */
  before: string | null
  decided: [string, string | null]
  order: string[]
  /** Impressions when the page was opened, half a second later, and three seconds later. */
  impressions: string[][][]
}

const acts = {
  ...lists,

  /** Runs on the first page. The visitor likes lamps, the next page is prerendered, and it (or another) is opened later. */
  async lead(next: string, ms: number, opened = next) {
    await lists.create({ consent: 'granted' })
    await lists.ready()
    await lists.view(...LAMPS)
    await lists.packStored()
    const rules = document.createElement('script')
    rules.type = 'speculationrules'
    rules.textContent = JSON.stringify({
      prerender: [{ source: 'list', urls: [next], eagerness: 'immediate' }],
    })
    document.head.append(rules)
    await pause(ms)
    const link = document.createElement('a')
    link.href = opened
    document.body.append(link)
    link.click()
  },

  /** Reports the events that the device holds. */
  async tellEvents() {
    if ((document as Document & { prerendering?: boolean }).prerendering)
      await new Promise((resolve) => document.addEventListener('prerenderingchange', resolve))
    await lists.create({ consent: 'granted' })
    await lists.ready()
    await pause(500)
    await tell(await lists.events())
  },

  /** Runs on the next page, and reports what happened there. */
  async follow() {
    const by = () => all('[data-nearside-rank]')[0]?.dataset.nearsideBy ?? null
    let before: string | null = null
    await new Promise((resolve) => {
      const noting = setInterval(() => (before = by()), 50)
      document.addEventListener('prerenderingchange', () => resolve(clearInterval(noting)))
    })
    const impressions: string[][][] = []
    for (const ms of [0, 500, 2500]) {
      await pause(ms)
      impressions.push((await lists.events()).filter(([name]) => name === 'view_item_list') as string[][])
    }
    const [{ activationStart }] = performance.getEntriesByType('navigation') as unknown as [
      { activationStart: number },
    ]
    await tell({
      waited: activationStart,
      before,
      decided: await lists.decided(),
      order: lists.order(),
      impressions,
    })
  },
}
type Acts = typeof acts

/** A page of the shop that tracks what it shows. */
const SHOWS = `<script type="module">
  import { create } from '/nearside/index.js'
  create({ pack: '/packs/shop/', consent: 'granted' }).track('view_item', { items: [{ item_id: 'mug10' }] })
  acts.tellEvents()
</script>`

/** The engine's time budget is shorter than the time until the visitor opens the page. */
const TAG = '<script async src="/nearside/nearside.js" data-pack="/packs/shop/" data-timeout="1500"></script>'

const list = (ids: readonly string[]) =>
  `<ul data-nearside-rank="home">${ids.map((id) => `<li data-nearside-item="${id}">${id}</li>`).join('')}</ul>`

async function prerendered({ page, openAlone, told }: Stage<Acts>, body: string): Promise<Told> {
  const next = page({ head: TAG, body: `${body}<script type="module">acts.follow()</script>` })
  await openAlone(page({ body: `<script type="module">acts.lead(${JSON.stringify(next)}, 3000)</script>` }))
  return (await told(1)) as Told
}

export default scenario({
  name: 'prerendered pages',
  acts,
  tests: {
    'a list that nobody has seen is ranked when the page is opened': async (stage) => {
      const { expect } = stage
      const told = await prerendered(stage, above(2000) + list(IDS) + below)
      expect(told.waited).toBeGreaterThan(2000)
      expect([told.before, ...told.decided]).toEqual([null, 'device', null])
      expect(share(told.order, 'lamp', 6)).toBe(6)
    },

    'events of a prerendered page count once, when the visitor opens it': async (stage) => {
      const next = stage.page({ body: SHOWS })
      await stage.openAlone(stage.page({ body: `<script type="module">acts.lead('${next}', 2000)</script>` }))
      stage.expect(await stage.told(1)).toEqual([...LAMPS, 'mug10'].map((id) => ['view_item', id]))
    },

    'events of a prerendered page never count if the visitor does not open it': async (stage) => {
      const next = stage.page({ body: SHOWS })
      const other = stage.page({ body: '<script type="module">acts.tellEvents()</script>' })
      await stage.openAlone(
        stage.page({ body: `<script type="module">acts.lead('${next}', 2000, '${other}')</script>` }),
      )
      stage.expect(await stage.told(1)).toEqual(LAMPS.map((id) => ['view_item', id]))
      stage.expect(stage.site.requests.filter(({ path }) => path === next)).toHaveLength(1)
    },

    'a list in view is left as it is, and its impressions begin when the page is opened': async (stage) => {
      const { expect } = stage
      const told = await prerendered(stage, list(IDS.slice(0, 4)) + below)
      expect(told.waited).toBeGreaterThan(2000)
      expect([told.before, ...told.decided]).toEqual([null, 'server', 'seen'])
      expect(told.impressions).toEqual([[], [], [['view_item_list', ...IDS.slice(0, 4)]]])
    },
  },
})
