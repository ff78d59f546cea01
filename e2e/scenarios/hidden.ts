/** Tabs in the background: what begins there is not seen, and not lost either. */
import { IDS, likesLamps, lists, TAG } from '../lists.js'
import { type Stage, scenario } from '../scenario.js'

const page = globalThis as unknown as { turn(state: 'visible' | 'hidden'): void }

const acts = {
  ...lists,
  turn: (state: 'visible' | 'hidden') => page.turn(state),
}

/** Drivers keep a tab in view, so the page itself is told that it is not. WebKit's driver does not show its tabs at all. */
const HIDDEN = `<script>
  let state = 'hidden'
  Object.defineProperty(Document.prototype, 'visibilityState', { get: () => state })
  turn = (next) => {
    state = next
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
  }
</script>`

const BODY = `<ul data-nearside-rank="home">${IDS.slice(0, 8)
  .map((id) => `<li data-nearside-item="${id}">${id}</li>`)
  .join('')}</ul>`

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

async function hidden(stage: Stage<typeof acts>) {
  const tab = await likesLamps(stage)
  await tab.goto(stage.page({ head: HIDDEN + TAG, body: BODY }))
  const impressions = async () => (await tab.run('events')).filter(([name]) => name === 'view_item_list')
  return { tab, impressions }
}

export default scenario({
  name: 'hidden pages',
  acts,
  tests: {
    'impressions that begin in a hidden tab count when it comes into view': async (stage) => {
      const { expect } = stage
      const { tab, impressions } = await hidden(stage)
      await sleep(2000)
      expect(await impressions()).toEqual([])
      await tab.run('turn', 'visible')
      await sleep(500)
      expect(await impressions()).toEqual([])
      await expect.poll(impressions, { timeout: 5000 }).toEqual([['view_item_list', ...IDS.slice(0, 8)]])
    },

    'a second that the tab is hidden for a part of is no second': async (stage) => {
      const { expect } = stage
      const { tab, impressions } = await hidden(stage)
      await sleep(500)
      await tab.run('turn', 'visible')
      await sleep(600)
      await tab.run('turn', 'hidden')
      await sleep(1500)
      expect(await impressions()).toEqual([])
      await tab.run('turn', 'visible')
      await expect.poll(impressions, { timeout: 5000 }).toEqual([['view_item_list', ...IDS.slice(0, 8)]])
    },
  },
})
