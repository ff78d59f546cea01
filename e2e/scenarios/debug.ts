/** `debug`: the console says what nearside did not do, and why, in one line each. */
import type { Nearside } from '../../src/api.js'
import { above, below, IDS, lists } from '../lists.js'
import { scenario } from '../scenario.js'

const page = globalThis as unknown as { nearside: Nearside; said: string[]; violations: string[] }

const acts = {
  ...lists,
  said: () => page.said,
  violations: () => page.violations.filter((violation) => !violation.endsWith('/favicon.ico')),

  /** Mistakes that shops make. */
  mistakes() {
    const items = [{ item_id: 'mug10' }]
    const track = page.nearside.track as (...args: unknown[]) => void
    track({ event: 'view_item', ecommerce: { items } })
    track('view_item', { ecommerce: { items } })
    track('view_item', { items: [{ id: 'mug10' }] })
    track('view_itme', { items })
    track('page_view')
    track('view_item', { items })
  },
  focus: () => document.querySelector<HTMLElement>('#focus a')?.focus({ preventScroll: true }),
}

/** Collects console messages. It is a file, because a strict policy allows no inline script. */
const LISTEN = `said = []
violations = []
addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => violations.push(effectiveDirective + ' ' + blockedURI))
for (const level of ['error', 'warn', 'info']) {
  const say = console[level]
  console[level] = (...what) => { said.push(what.join(' ')); say(...what) }
}`

const STRICT =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; style-src 'unsafe-inline'; require-trusted-types-for 'script'; trusted-types nearside"

const items = (ids: readonly string[]) =>
  ids.map((id) => `<li data-nearside-item="${id}"><a href="#">${id}</a></li>`).join('')
const list = (id: string, inside = items(IDS)) => `<ul id="${id}" data-nearside-rank="${id}">${inside}</ul>`

const tag = (attributes: string) =>
  `<script src="/listen.js"></script><script async src="/nearside/nearside.js" data-pack="/packs/shop/" data-timeout="9000" ${attributes}></script>`

export default scenario({
  name: 'debug',
  everywhere: true,
  acts,
  tests: {
    'dropped events, unranked lists and unknown options are explained, under a strict policy too': async (
      stage,
    ) => {
      const { expect, site } = stage
      site.serve('/listen.js', { body: LISTEN })
      site.change(/worker\.js$/, async (file) => {
        await new Promise((resolve) => setTimeout(resolve, 1000))
        return file
      })
      const body = above(2000) + list('below') + list('empty', '') + list('focus') + below
      const tab = await stage.open(
        stage.page({ head: tag('data-debug data-time-out="9"'), body, csp: STRICT }),
      )
      await tab.run('focus')
      await tab.run('mistakes')
      for (const id of ['#below', '#empty', '#focus']) await tab.run('decided', id)
      const expected = [
        /option timeOut .*did you mean timeout\?/,
        /dropped: .*track\(entry\.event, entry\.ecommerce\)/,
        /view_item is dropped: .*Pass details\.ecommerce/,
        /1 of 1 items have no item_id, but id/,
        /view_itme is dropped: did you mean view_item\./,
        /page_view is dropped: nearside uses view_item/,
        /list "empty" .*no element with data-nearside-item/,
        /list "focus" .*keyboard/,
      ]
      await expect
        .poll(async () => (await tab.run('said')).toSorted(), { timeout: 5000 })
        .toEqual(expect.arrayContaining(expected.map((line) => expect.stringMatching(line))))
      expect(await tab.run('said')).toHaveLength(expected.length)
      expect(await tab.run('violations')).toEqual([])
    },

    'with npm and inline, mistakes are explained too': async (stage) => {
      const { expect, site } = stage
      site.serve('/listen.js', { body: LISTEN })
      const tab = await stage.open()
      for (const entry of ['/nearside/index.js', '/nearside/inline.js']) {
        await tab.goto(stage.page({ head: '<script src="/listen.js"></script>' }))
        await tab.run('create', { debug: true }, entry)
        await tab.run('mistakes')
        await expect.poll(() => tab.run('said'), { timeout: 5000 }).toHaveLength(5)
      }
    },

    'without the option nothing is explained or loaded': async (stage) => {
      const { expect, site } = stage
      site.serve('/listen.js', { body: LISTEN })
      const tab = await stage.open(stage.page({ head: tag(''), body: list('seen') }))
      await tab.run('ready')
      await tab.run('mistakes')
      await tab.run('decided')
      expect(await tab.run('said')).toEqual([])
      expect(site.requests.filter(({ path }) => path.includes('debug'))).toEqual([])
    },
  },
})
