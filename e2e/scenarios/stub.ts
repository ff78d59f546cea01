/** The stub and the script tag: moved, late, run twice, or never loaded. */

import type { Nearside } from '../../src/api.js'
import { LAMPS, mixed, share } from '../goods.js'
import { above, below, IDS, likesLamps, lists } from '../lists.js'
import { type Stage, scenario, type Tab } from '../scenario.js'
import { KILLABLE } from '../shop.js'

const page = globalThis as unknown as {
  nearside: Nearside
  asked: Record<string, Promise<unknown>>
  workers: Worker[]
  said: string[]
}

const acts = {
  ...lists,
  /** The results of the calls that the page's own script made. */
  async answers() {
    const answers: Record<string, unknown> = {}
    for (const [name, promise] of Object.entries(page.asked)) {
      const late = new Promise((resolve) => setTimeout(resolve, 11_000, 'never settles'))
      answers[name] = await Promise.race([promise, late]).catch((error) => `rejects: ${error}`)
    }
    return answers
  },
  workers: () => page.workers.length,
  said: () => page.said,
  methods: () => Object.keys(page.nearside),

  /** Replaces the body and runs its scripts again, as Turbo does for a link to another page. */
  visit(body: string) {
    document.body.innerHTML = body
    for (const script of document.body.querySelectorAll('script')) {
      const again = document.createElement('script')
      for (const { name, value } of script.attributes) again.setAttribute(name, value)
      again.textContent = script.textContent
      script.replaceWith(again)
    }
  },
}
type Acts = typeof acts

const TAG = '<script async src="/nearside/nearside.js" data-pack="/packs/shop/" data-timeout="9000"></script>'
const list = (ids: readonly string[]) =>
  `<ul data-nearside-rank="home">${ids.map((id) => `<li data-nearside-item="${id}"><a href="/next">${id}</a></li>`).join('')}</ul>`

/** Collects the console messages. */
const LISTEN = `<script>
  said = []
  for (const level of ['error', 'warn', 'info']) {
    const say = console[level]
    console[level] = (...what) => { said.push(what.join(' ')); say(...what) }
  }
</script>`

async function stubOf({ site }: Stage<Acts>): Promise<string> {
  return `<script>${(await site.read('/nearside/stub.js')).trim()}</script>`
}

/** Opens a page whose own script calls the stub. */
async function asking(stage: Stage<Acts>, script: string, tag = TAG): Promise<Tab<Acts>> {
  const tab = await likesLamps(stage)
  await tab.goto(
    stage.page({ head: `${await stubOf(stage)}<script>asked = {}\n${script}</script>`, body: tag }),
  )
  return tab
}

export default scenario({
  name: 'stub and script tag',
  everywhere: true,
  acts,
  tests: {
    'the stub can be awaited and printed': async (stage) => {
      const tab = await asking(
        stage,
        `asked.awaited = (async () => typeof (await window.nearside).rank)()
         asked.printed = (async () => typeof \`\${nearside}\`)()`,
      )
      stage.expect(await tab.run('answers')).toEqual({ awaited: 'function', printed: 'string' })
    },

    'the stub ranks anything that can be iterated': async (stage) => {
      const { expect } = stage
      const options = `document.createDocumentFragment()`
      const tab = await asking(
        stage,
        `const ids = ${JSON.stringify(mixed())}
         const order = async (list, key) => (await nearside.rank(list, { timeout: 9000, key })).items.map(({ item }) => key ? key(item) : item)
         const nodes = ${options}
         for (const id of ids) nodes.append(Object.assign(document.createElement('i'), { textContent: id }))
         asked.set = order(new Set(ids))
         asked.nodes = order(nodes.childNodes, (node) => node.textContent)
         asked.once = order(ids.values())`,
      )
      for (const answer of Object.values(await tab.run('answers'))) {
        expect(share(answer as string[], 'lamp'), String(answer)).toBe(8)
      }
    },

    'a second stub keeps the calls of the first': async (stage) => {
      const { expect } = stage
      const again = await stubOf(stage)
      const tab = await asking(
        stage,
        `asked.ranked = nearside.rank(${JSON.stringify(mixed())}, { timeout: 9000 }).then(({ by }) => by)
         nearside.track('view_item', { items: [{ item_id: 'mug10' }] })`,
        again + TAG,
      )
      expect(await tab.run('answers')).toEqual({ ranked: 'device' })
      expect((await tab.run('events')).at(-1)).toEqual(['view_item', 'mug10'])
    },

    'every call settles when the script never loads': async (stage) => {
      const { expect } = stage
      const tab = await asking(
        stage,
        `asked.rank = nearside.rank(['a', 'b'])
         asked.recommend = nearside.recommend()
         asked.similar = nearside.similar('a')
         asked.explain = nearside.explain('a')
         asked.status = nearside.status()
         asked.export = nearside.export()
         asked.forget = nearside.forget()
         asked.others = (async () => [nearside.consent.grant(), nearside.track('view_item'), nearside.on('ranked', () => {})(), nearside.destroy()])()`,
        '',
      )
      const empty = { items: [], by: 'server', why: 'not-ready' }
      expect(await tab.run('answers')).toMatchObject({
        rank: {
          items: [
            { item: 'a', reasons: [] },
            { item: 'b', reasons: [] },
          ],
          by: 'server',
          why: 'not-ready',
        },
        recommend: empty,
        similar: empty,
        explain: { by: 'server', why: 'not-ready' },
        status: { worker: 'idle', pack: { state: 'none' } },
        export: null,
        forget: false,
      })
      expect(tab.errors.filter((error) => !error.includes('404'))).toEqual([])
    },

    'when stub and tag run again with each new body there is one client, and it ranks the new lists': async (
      stage,
    ) => {
      const { expect } = stage
      const stub = await stubOf(stage)
      const body = (ids: readonly string[]) => above(2000) + list(ids) + below + stub + TAG
      const tab = await likesLamps(stage)
      const stay = "<script>addEventListener('click', (event) => event.preventDefault())</script>"
      await tab.goto(stage.page({ head: KILLABLE + stay, body: body(IDS) }))
      expect(await tab.run('decided')).toEqual(['device', null])
      for (const ids of [IDS.toReversed(), IDS.slice(4), IDS]) {
        await tab.run('visit', body(ids))
        expect(await tab.run('decided')).toEqual(['device', null])
        expect(share((await tab.run('order')) as string[], 'lamp', 5)).toBe(5)
      }
      expect(await tab.run('workers')).toBe(1)
      await tab.run('visit', list(['mug10']) + stub + TAG)
      await tab.run('decided')
      await tab.click('a')
      expect(await tab.run('rank', mixed())).toMatchObject({ by: 'device' })
      const events = await tab.run('events')
      expect(events.filter(([name]) => name === 'select_item')).toEqual([['select_item', 'mug10']])
      expect(await tab.run('workers')).toBe(1)
      expect(tab.errors).toEqual([])
    },

    'an optimiser may make a module of the script, or join it with others': async (stage) => {
      const { expect, site } = stage
      const sdk = await site.read('/nearside/nearside.js')
      site.serve('/all.js', {
        body: `var shop = 1;\n${sdk};var more = 2`,
        headers: { 'Content-Type': 'text/javascript' },
      })
      const options = `<script>nearsideOptions = { pack: '/packs/shop/', workerUrl: '/nearside/worker.js', timeout: 9000 }</script>`
      const ways = [
        '<script type="module" src="/nearside/nearside.js"></script>',
        '<script defer src="/all.js"></script>',
        '<script type="module">import "/all.js"</script>',
        `<script>${sdk.replaceAll('</script', '<\\/script')}</script>`,
      ]
      for (const way of ways) {
        const tab = await stage.open(
          stage.page({ head: options + way, body: above(2000) + list(IDS) + below }),
        )
        expect((await tab.run('ready')).pack.state, way.slice(0, 60)).toBe('ready')
        await tab.run('view', ...LAMPS)
        expect(share((await tab.run('rank', mixed())).ids, 'lamp')).toBe(8)
        expect(tab.errors).toEqual([])
      }
    },

    'a script without pack or address says what to write': async (stage) => {
      const { expect } = stage
      const cases: [string, RegExp][] = [
        [
          '<script async src="/nearside/nearside.js"></script>',
          /pack is "", expected .*window\.nearsideOptions or data-pack/,
        ],
        [
          `<script>nearsideOptions = { pack: '/packs/shop/' }</script><script type="module" src="/nearside/nearside.js"></script>`,
          /workerUrl is "", expected .*window\.nearsideOptions or data-worker/,
        ],
      ]
      const tab = await stage.open()
      for (const [head, said] of cases) {
        await tab.goto(stage.page({ head: LISTEN + head }))
        await expect.poll(() => tab.run('said'), { timeout: 5000 }).toEqual([expect.stringMatching(said)])
      }
    },
  },
})
