/** The shop may change a list while it is ranked. The list is then re-ordered as a whole or not at all. */
import { share } from '../goods.js'
import { above, all, below, IDS, likesLamps, lists, TAG } from '../lists.js'
import { type Stage, scenario, type Tab } from '../scenario.js'

const find = (id: string) => all(`[data-nearside-item="${id}"]`)[0]!

/** Changes that a shop's own script may make to its list. */
const changes = {
  removed: () => find('lamp11').remove(),
  'put into another list': () => all('#other')[0]!.append(find('lamp11')),
  replaced() {
    const copy = find('lamp11').cloneNode(true)
    find('lamp11').replaceWith(copy)
  },
  cloned: () => find('lamp11').after(find('lamp11').cloneNode(true)),
  wrapped() {
    const wrapper = document.createElement('div')
    find('lamp11').replaceWith(wrapper)
    wrapper.append(find('lamp11') ?? document.createElement('i'))
    wrapper.innerHTML = '<li data-nearside-item="lamp11"><a href="/next">lamp11</a></li>'
  },
  sorted() {
    const list = all('#list')[0]!
    list.append(...[...list.children].reverse())
  },
  added: () => find('lamp11').insertAdjacentHTML('afterend', '<li data-nearside-item="new">new</li>'),
  emptied: () => all('#list')[0]!.replaceChildren(),
  rendered() {
    const list = all('#list')[0]!
    list.innerHTML = `${list.innerHTML} `
  },
}
type Change = keyof typeof changes

const acts = {
  ...lists,
  change: (what: Change) => changes[what](),
  async takeListAway() {
    const list = all('#list')[0]!
    list.remove()
    for (let i = 0; i < 400 && !list.dataset.nearsideBy; i++)
      await new Promise((resolve) => setTimeout(resolve, 25))
    return [
      list.dataset.nearsideBy,
      [...list.querySelectorAll<HTMLElement>('li')].map((item) => item.dataset.nearsideItem),
    ]
  },
  /** The items in each wrapper of the page. */
  wrappers: () =>
    all('.wrapper').map((wrapper) => [...wrapper.querySelectorAll('[data-nearside-item]')].length),
  /** How many items are inside the item with this id. */
  parts: (id: string) => all(`[data-nearside-item="${id}"] [data-nearside-item]`).length,
}
type Acts = typeof acts

const list = (
  ids: readonly string[] = IDS,
  item = (id: string) => `<li data-nearside-item="${id}"><a href="/next">${id}</a></li>`,
) =>
  `${above(2000)}<ul id="list" data-nearside-rank="home">\n${ids.map(item).join('\n')}\n</ul><ul id="other" data-nearside-rank="other"></ul>${below}`

/** Adds the script tag after the page has loaded, so that the load event does not wait for the worker. */
const LATE = `<script>addEventListener('load', () => {
  const tag = document.createElement('script')
  tag.src = '/nearside/nearside.js'
  Object.assign(tag.dataset, { pack: '/packs/shop/', timeout: '9000' })
  document.head.append(tag)
})</script>`

/** Opens the page for a visitor who likes lamps. The engine gets the request, and answers only when `answer` is called. */
async function held(stage: Stage<Acts>, body: string) {
  const tab = await likesLamps(stage)
  let answer = () => {}
  const wait = new Promise<void>((resolve) => {
    answer = resolve
  })
  stage.site.change(/worker\.js$/, async (file) => {
    await wait
    return file
  })
  await tab.goto(stage.page({ head: LATE, body }))
  const started = () => stage.site.requests.filter(({ path }) => path.endsWith('worker.js')).length
  await stage.expect.poll(started, { timeout: 10_000 }).toBe(2)
  // The list is taken up when both of its files have come and run.
  const came = () => stage.site.requests.filter(({ path }) => /\/(lists|capture)\.js$/.test(path)).length
  await stage.expect.poll(came, { timeout: 10_000 }).toBeGreaterThanOrEqual(2)
  await new Promise((resolve) => setTimeout(resolve, 300))
  return { tab, answer }
}

async function shown(stage: Stage<Acts>, body: string, head = ''): Promise<Tab<Acts>> {
  const tab = await likesLamps(stage)
  await tab.goto(stage.page({ head: TAG + head, body }))
  return tab
}

/** A custom element that acts once, while the list is re-ordered, and then reports what it did. */
const custom = (act: string) => `<script>
  armed = false
  acted = 0
  customElements.define('shop-item', class extends HTMLElement {
    disconnectedCallback() {}
    connectedCallback() {
      if (!armed || acted) return
      acted++
      const items = [...document.querySelectorAll('shop-item')]
      ${act}
    }
  })
  addEventListener('DOMContentLoaded', () => { armed = true })
</script>`
const customItem = (id: string) =>
  `<shop-item data-nearside-item="${id}" style="display: block">${id}</shop-item>`

const meddling: [string, string, (ids: string[]) => string[]][] = [
  ['moves itself to the top', 'this.parentNode?.prepend(this)', (ids) => ids],
  [
    'takes another item out',
    "items.find((item) => item.dataset.nearsideItem === 'rug15').remove()",
    (ids) => ids.filter((id) => id !== 'rug15'),
  ],
  ['takes itself out', 'this.remove()', (ids) => ids],
  [
    'throws',
    "addEventListener('error', (event) => event.preventDefault(), { once: true }); throw new Error('shop')",
    (ids) => ids,
  ],
]

export default scenario({
  name: 'the shop\u2019s DOM',
  everywhere: true,
  acts,
  tests: {
    ...Object.fromEntries(
      (Object.keys(changes) as Change[]).map((change) => [
        `an item or list that is ${change} while the engine ranks: the list stays as the shop has it`,
        async (stage: Stage<Acts>) => {
          const { expect } = stage
          const { tab, answer } = await held(stage, list())
          await tab.run('change', change)
          const [order, other] = [await tab.run('order', '#list'), await tab.run('order', '#other')]
          answer()
          expect(await tab.run('decided', '#list')).toEqual(['server', 'changed'])
          expect(await tab.run('order', '#list')).toEqual(order)
          expect(await tab.run('order', '#other')).toEqual(other)
          expect(await tab.run('comments')).toBe(0)
          expect(tab.errors).toEqual([])
        },
      ]),
    ),

    'a list that has left the page is not touched': async (stage) => {
      const { expect } = stage
      const { tab, answer } = await held(stage, list())
      const gone = tab.run('takeListAway')
      answer()
      expect(await gone).toEqual(['server', IDS])
      expect(tab.errors).toEqual([])
    },

    ...Object.fromEntries(
      meddling.map(([what, act, left]) => [
        `a custom element that ${what} while the list is re-ordered: the list is re-ordered as a whole or not at all`,
        async (stage: Stage<Acts>) => {
          const { expect } = stage
          const tab = await shown(stage, list(IDS, customItem), custom(act))
          const [by] = (await tab.run('decided', '#list'))!
          const order = await tab.run('order', '#list')
          const before = left(IDS)
          expect(order.toSorted().filter((id) => before.includes(id!))).toEqual(order.toSorted())
          // Not re-ordered: apart from what the element itself did, everything is where it was.
          const rest = order.filter((id, i) => i > 0 || what !== 'moves itself to the top' || id === IDS[0])
          if (by === 'server') expect(rest).toEqual(IDS.filter((id) => rest.includes(id)))
          else expect(share(order as string[], 'lamp', 6)).toBe(6)
          expect(order.length).toBeGreaterThanOrEqual(IDS.length - 1)
          expect(await tab.run('comments')).toBe(0)
          expect(tab.errors.filter((error) => !error.includes('shop'))).toEqual([])
        },
      ]),
    ),

    'items in wrappers change places, one in each wrapper': async (stage) => {
      const { expect } = stage
      const wrapped = (id: string) =>
        `<li class="wrapper"><b>No 1</b> <div data-nearside-item="${id}">${id}</div></li>`
      const tab = await shown(stage, list(IDS, wrapped))
      expect(await tab.run('decided', '#list')).toEqual(['device', null])
      expect(share((await tab.run('order', '#list')) as string[], 'lamp', 6)).toBe(6)
      expect(await tab.run('wrappers')).toEqual(IDS.map(() => 1))
    },

    'an item inside an item stays in it': async (stage) => {
      const { expect } = stage
      const variants = (id: string) =>
        `<li data-nearside-item="${id}"><a href="/next">${id}</a> <i data-nearside-item="${id}-red">red</i></li>`
      const tab = await shown(stage, list(IDS, variants))
      expect(await tab.run('decided', '#list')).toEqual(['device', null])
      expect(await tab.run('parts', IDS[0]!)).toBe(1)
      expect(await tab.run('parts', IDS.at(-1)!)).toBe(1)
      expect(tab.errors).toEqual([])
    },

    'a list without items, or whose items have no ids, is decided too': async (stage) => {
      const { expect } = stage
      const tab = await shown(
        stage,
        list(['', ''], () => '<li data-nearside-item>nothing</li>'),
      )
      expect(await tab.run('decided', '#other')).toEqual(['server', 'empty'])
      expect(await tab.run('decided', '#list')).toEqual(['server', 'no-ids'])
    },

    'only a click on a link to another page counts as a choice': async (stage) => {
      const { expect } = stage
      const nowhere = ['javascript:void 0', '#', '#reviews', '', ' mailto:a@shop.example', 'tel:+1']
      const links = [...nowhere, '/next'].map((href) => `<a href="${href}">go</a>`).join(' ')
      const stay = "<script>addEventListener('click', (event) => event.preventDefault())</script>"
      const tab = await likesLamps(stage)
      await tab.goto(
        stage.page({
          head: TAG + stay,
          body: `<ul data-nearside-rank="home"><li data-nearside-item="mug10">${links}</li></ul>`,
        }),
      )
      await tab.run('decided')
      for (let n = 1; n <= nowhere.length + 1; n++) await tab.click(`a:nth-of-type(${n})`)
      const events = await tab.run('events')
      expect(events.filter(([name]) => name === 'select_item')).toEqual([['select_item', 'mug10']])
    },
  },
})
