/** A decision reaches pages that the browser has prerendered before it was made. */
import type { Nearside } from '../../src/api.js'
import { sku } from '../goods.js'
import { type Stage, scenario } from '../scenario.js'
import { EMPTY, shop } from '../shop.js'

const LAMPS = [0, 1, 2].map((n) => sku('lamp', n))

const page = globalThis as unknown as { nearside: Nearside }

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

const acts = {
  ...shop,
  /** On a page that has the next one prerendered: the visitor decides, and opens it. */
  async lead(next: string, decisions: ('grant' | 'deny')[]) {
    await shop.create()
    await shop.ready()
    await shop.view(...LAMPS)
    const [before, then] = decisions.length > 1 ? decisions : [undefined, decisions[0]]
    if (before) shop[before]()
    if (before) await shop.packStored()
    const rules = document.createElement('script')
    rules.type = 'speculationrules'
    rules.textContent = JSON.stringify({
      prerender: [{ source: 'list', urls: [next], eagerness: 'immediate' }],
    })
    document.head.append(rules)
    await sleep(1500)
    shop[then!]()
    await (then === 'deny' ? shop.nothingStored() : shop.packStored())
    const link = document.createElement('a')
    link.href = next
    document.body.append(link)
    link.click()
  },
  /** On the next page, which has a client from the start: tells what it thinks once it was opened. */
  async follow() {
    await shop.create()
    shop.track('view_item', 'rug00')
    const before = page.nearside.consent.state
    await new Promise((resolve) => document.addEventListener('prerenderingchange', resolve))
    await sleep(2000)
    shop.track('view_item', 'rug01')
    await sleep(500)
    const told = {
      states: [before, page.nearside.consent.state],
      events: await shop.events(),
      stored: await shop.stored(),
    }
    await fetch(`/told?${encodeURIComponent(JSON.stringify(told))}`)
  },
}
type Acts = typeof acts

interface Told {
  /** Before and after the visitor opened the page. */
  states: string[]
  events: string[][]
  stored: typeof EMPTY
}

/** What a prerendered page tells after the visitor has decided on the page before it. */
async function prerendered({ page, openAlone, told }: Stage<Acts>, ...decisions: ('grant' | 'deny')[]) {
  const next = page({ body: '<script type="module">acts.follow()</script>' })
  const lead = `acts.lead(${JSON.stringify(next)}, ${JSON.stringify(decisions)})`
  await openAlone(page({ body: `<script type="module">${lead}</script>` }))
  return (await told(1)) as Told
}

export default scenario({
  name: 'a decision reaches prerendered pages',
  acts,
  tests: {
    'a denial on the page that has another one prerendered': async (stage) => {
      const { states, events, stored } = await prerendered(stage, 'grant', 'deny')
      stage.expect(states).toEqual(['granted', 'denied'])
      stage.expect(events).toEqual([])
      stage.expect(stored).toEqual(EMPTY)
    },

    'a grant on the page that has another one prerendered': async (stage) => {
      const { states, events } = await prerendered(stage, 'grant')
      stage.expect(states).toEqual(['unknown', 'granted'])
      // What the visitor did before, and the looks that began when the page was opened.
      stage.expect(events.map(([, id]) => id)).toEqual([...LAMPS, 'rug00', 'rug01'])
    },
  },
})
