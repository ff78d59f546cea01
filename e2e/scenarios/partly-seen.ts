/**
 * A list that is partly on the screen, measured by where its items are. Only Chromium reports layout shifts; positions can be
 * read in every browser.
 */
import { share } from '../goods.js'
import { above, all, below, IDS, likesLamps, lists, TAG } from '../lists.js'
import { scenario } from '../scenario.js'

const acts = {
  ...lists,
  /** Where the items were before anything was ranked, and where they are now: by id, the top and left edges. */
  places: () => ({ before: (globalThis as unknown as { before: Places }).before, now: placesOf() }),
  fixed: () => Number(all('[data-nearside-rank]')[0]?.dataset.nearsideFixed ?? 0),
}

type Places = Record<string, string>

const placesOf = (): Places =>
  Object.fromEntries(
    all('[data-nearside-item]').map((item) => {
      const { x, y } = item.getBoundingClientRect()
      return [item.dataset.nearsideItem!, `${x + scrollX}, ${y + scrollY}`]
    }),
  )

const item = (id: string, i: number) =>
  `<li data-nearside-item="${id}" style="height: ${60 + (i % 5) * 25}px">${id}</li>`

const list = (style: string, ids: readonly string[] = IDS) =>
  `<ul data-nearside-rank="home" style="margin: 0; padding: 0; list-style: none; ${style}">${ids.map(item).join('')}</ul>`

/** Notes the places before the script has run. */
const NOTE = `<script>
  before = Object.fromEntries([...document.querySelectorAll('[data-nearside-item]')].map((item) => {
    const { x, y } = item.getBoundingClientRect()
    return [item.dataset.nearsideItem, (x + scrollX) + ', ' + (y + scrollY)]
  }))
</script>`

const GRID = 'display: grid; grid-template-columns: repeat(3, 1fr); gap: 10px'
const COLUMNS = 'columns: 2'

export default scenario({
  name: 'lists partly on the screen',
  everywhere: true,
  acts,
  tests: {
    'what is on the screen stays exactly where it is, in rows and in a grid': async (stage) => {
      const { expect, page } = stage
      const tab = await likesLamps(stage)
      for (const style of ['', GRID]) {
        await tab.goto(page({ head: TAG, body: above(300) + list(style) + NOTE + below }))
        expect(await tab.run('decided'), style).toEqual(['device', null])
        const fixed = await tab.run('fixed')
        expect(fixed, style).toBeGreaterThan(1)
        expect(fixed, style).toBeLessThan(IDS.length)
        const order = await tab.run('order')
        expect(order.slice(0, fixed), style).toEqual(IDS.slice(0, fixed))
        expect(share(order.slice(fixed) as string[], 'lamp', 2), style).toBe(2)
        const { before, now } = await tab.run('places')
        for (const id of IDS.slice(0, fixed)) expect(now[id], `${style} ${id}`).toBe(before[id])
      }
    },

    'where moving what is below would move what is on the screen, all stays': async (stage) => {
      const { expect, page } = stage
      const tab = await likesLamps(stage)
      await tab.goto(page({ head: TAG, body: list(`${COLUMNS}; height: auto`) + NOTE + below }))
      await tab.run('decided')
      const { before, now } = await tab.run('places')
      // The viewport is 720 pixels high.
      const onScreen = IDS.filter((id) => Number(before[id]!.split(', ')[1]) < 720)
      expect(onScreen.length).toBeGreaterThan(4)
      for (const id of onScreen) expect(now[id], id).toBe(before[id])
      const [by, why] = (await tab.run('decided'))!
      if (by === 'server') expect([why, await tab.run('order')]).toEqual(['seen', IDS])
    },

    'items that a rule removes leave the list, unless they have been seen': async (stage) => {
      const { expect, page } = stage
      const tab = await likesLamps(stage)
      const rules = [{ kind: 'exclude', where: { ids: [IDS[0], IDS[20]] }, remove: true }]
      const marked = list('').replace('<ul', `<ul data-nearside-ranking='${JSON.stringify({ rules })}'`)
      await tab.goto(page({ head: TAG, body: above(300) + marked + below }))
      expect(await tab.run('decided')).toEqual(['device', null])
      const order = await tab.run('order')
      expect(order[0]).toBe(IDS[0])
      expect(order).toHaveLength(IDS.length - 1)
      expect(order).not.toContain(IDS[20])
    },
  },
})
