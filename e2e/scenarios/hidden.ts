/** Tabs in the background. What begins there is not seen yet, but it is not lost either. */
import { IDS, likesLamps, lists, TAG } from '../lists.js'
import { type Stage, scenario } from '../scenario.js'

const page = globalThis as unknown as { turn(state: 'visible' | 'hidden'): void }

const acts = {
  ...lists,
  turn: (state: 'visible' | 'hidden') => page.turn(state),
}

/** Makes the page believe that it is hidden, because most drivers keep every tab in view. (WebKit's shows no tab at all.) */
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

    'a second does not count if the tab was hidden during a part of it': async (stage) => {
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
