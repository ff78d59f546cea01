/** Packs that arrive late, broken or not at all. The last good pack stays; without one, the server's order stands. */
import { mixed, share, sku } from '../goods.js'
import type { Stage, Tab } from '../scenario.js'
import { scenario } from '../scenario.js'
import { shop } from '../shop.js'
import type { Answer } from '../site.js'

const acts = {
  ...shop,
  async timedRank(ids: string[], timeout?: number) {
    const from = performance.now()
    const { by, why } = await shop.rank(ids, timeout === undefined ? {} : { timeout })
    return { by, why, ms: performance.now() - from }
  },
  /** Waits until the client has sent an event of this type. */
  async heard(type: string) {
    for (let i = 0; i < 200; i++) {
      const event = shop.news().find((event) => event.type === type)
      if (event) return event
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    return undefined
  },
}
type Acts = typeof acts

const LAMPS = [0, 1, 2].map((n) => sku('lamp', n))
const BINARY = /^\/packs\/.*\.bin(\.gz)?$/

const cut = (answer: Answer): Answer => ({ ...answer, cutAt: Math.floor(answer.body.length / 2) })
const truncated = (answer: Answer): Answer => ({ ...answer, body: answer.body.slice(0, -1) })
const flipped = (answer: Answer): Answer => {
  const body = Uint8Array.from(answer.body as Uint8Array)
  // Changes a byte behind gzip's header. The file may still unzip, but its content is not the same.
  body[body.length >> 1]! ^= 1
  return { ...answer, body }
}
const missing = (): Answer => ({ status: 404, body: 'no such file' })
const failing = (): Answer => ({ status: 503, body: 'try later' })
const page404 = (): Answer => ({ body: '<!doctype html><title>Sorry</title>' })
const unreachable = (answer: Answer): Answer => ({ ...answer, cutAt: 0 })
const never = () => new Promise<Answer>(() => {})

/** Opens a page of a visitor who has viewed lamps and granted. The first release is stored. */
async function warmPage({ open }: Stage<Acts>, options = {}): Promise<Tab<Acts>> {
  const tab = await open()
  await tab.run('create', { consent: 'granted', ...options })
  await tab.run('ready')
  await tab.run('view', ...LAMPS)
  await tab.run('packStored')
  return tab
}

const coldFaults: [string, RegExp, (answer: Answer) => Answer, RegExp][] = [
  ['a missing pack', /^\/packs\//, missing, /404/],
  ['a server that fails', /^\/packs\//, failing, /503/],
  ['an unreachable host', /^\/packs\//, unreachable, /no answer/],
  ['a page where the manifest should be', /manifest\.json$/, page404, /manifest\.json/],
  ['a missing file of the pack', BINARY, missing, /\.bin.*404/],
  ['a file with a flipped bit', BINARY, flipped, /\.bin/],
  ['a truncated file', BINARY, truncated, /\.bin/],
  ['a connection that breaks halfway', BINARY, cut, /\.bin/],
  ['another file than the one declared', BINARY, page404, /\.bin/],
]

export default scenario({
  name: 'packs that fail',
  acts,
  tests: {
    ...Object.fromEntries(
      coldFaults.map(([what, path, change, message]) => [
        `with ${what} the server\u2019s order stands, and the next page mends it`,
        async ({ open, site, expect }: Stage<Acts>) => {
          const mend = site.change(path, change)
          const tab = await open()
          await tab.run('create', { consent: 'granted' })
          expect((await tab.run('ready')).pack).toMatchObject({
            state: 'failed',
            error: expect.stringMatching(message),
          })
          expect(await tab.run('heard', 'pack-error')).toMatchObject({
            message: expect.stringMatching(message),
          })
          await tab.run('view', ...LAMPS)
          expect(await tab.run('rank', mixed())).toMatchObject({ by: 'server', why: 'no-pack', ids: mixed() })
          expect(await tab.run('recommend')).toMatchObject({ by: 'server', why: 'no-pack', ids: [] })
          mend()
          await tab.reload()
          await tab.run('create')
          expect((await tab.run('ready')).pack.state).toBe('ready')
          expect(share((await tab.run('rank', mixed())).ids, 'lamp')).toBe(8)
        },
      ]),
    ),

    'with a slow pack, a page waits no longer than its time budget': async ({ open, site, expect }) => {
      site.change(/^\/packs\//, never)
      const tab = await open()
      await tab.run('create')
      const first = await tab.run('timedRank', mixed())
      expect(first).toMatchObject({ by: 'server', why: 'not-ready' })
      expect(first.ms).toBeGreaterThan(200)
      expect(first.ms).toBeLessThan(1000)
      expect((await tab.run('timedRank', mixed(), 20)).ms).toBeLessThan(500)
      expect((await tab.run('status')).pack.state).toBe('loading')
    },

    'a pack that arrives late serves from then on, and its progress is reported': async ({
      open,
      site,
      expect,
    }) => {
      site.change(BINARY, async (answer) => {
        await new Promise((resolve) => setTimeout(resolve, 600))
        return answer
      })
      const tab = await open()
      await tab.run('create')
      await tab.run('track', 'view_item', LAMPS[0]!)
      expect(await tab.run('rank', mixed(), { timeout: 100 })).toMatchObject({
        by: 'server',
        why: 'not-ready',
      })
      expect(await tab.run('heard', 'ready')).toMatchObject({ from: 'network', sequence: 1 })
      expect(share((await tab.run('rank', mixed())).ids, 'lamp')).toBe(8)
      const progress = await tab.run('heard', 'progress')
      expect(progress).toMatchObject({ loaded: expect.any(Number), total: expect.any(Number) })
    },

    'a warm page uses the stored pack while the host does not answer': async (stage) => {
      const tab = await warmPage(stage)
      stage.site.change(/^\/packs\//, unreachable)
      await tab.reload()
      await tab.run('create')
      const { pack } = await tab.run('ready')
      stage.expect(pack).toMatchObject({ state: 'ready', from: 'opfs', sequence: 1 })
      stage.expect(share((await tab.run('rank', mixed())).ids, 'lamp')).toBe(8)
      await stage.expect
        .poll(async () => (await tab.run('explain', LAMPS[0]!)) as object)
        .toMatchObject({ facts: { title: 'The lamp00' } })
    },

    'offline after the first load, everything still works': async (stage) => {
      const { expect } = stage
      const tab = await warmPage(stage)
      // The first explanation loads `shape.js`.
      await tab.run('explain', LAMPS[0]!)
      await stage.offline(true)
      expect(share((await tab.run('rank', mixed())).ids, 'lamp')).toBe(8)
      await tab.run('view', sku('mug', 0))
      expect(await tab.run('recommend', { limit: 4 })).toMatchObject({ by: 'device' })
      expect(await tab.run('similar', sku('rug', 0))).toMatchObject({ by: 'device' })
      expect((await tab.run('explain', LAMPS[0]!)) as object).toMatchObject({ known: true })
      expect((await tab.run('events')).length).toBe(4)
      expect(await tab.run('forget', LAMPS[0])).toBe(true)
      await stage.offline(false)
      await tab.reload()
      await tab.run('create')
      expect((await tab.run('events')).length).toBe(3)
    },

    'a new release is loaded in the background, and stored': async (stage) => {
      const { expect, release } = stage
      const tab = await warmPage(stage)
      stage.publish(release(2))
      await tab.reload()
      await tab.run('create')
      expect(await tab.run('heard', 'ready')).toMatchObject({ from: 'opfs', sequence: 1 })
      await expect.poll(async () => (await tab.run('status')).pack.sequence).toBe(2)
      await tab.run('packStored')
      await expect
        .poll(async () => {
          await tab.reload()
          await tab.run('create')
          const ready = await tab.run('heard', 'ready')
          return ready?.type === 'ready' && [ready.from, ready.sequence]
        })
        .toEqual(['opfs', 2])
    },

    'when a new release is broken, the old one stays in use': async (stage) => {
      const { expect, release } = stage
      const tab = await warmPage(stage)
      stage.publish(release(2))
      stage.site.change(BINARY, flipped)
      await tab.reload()
      await tab.run('create')
      expect(await tab.run('heard', 'pack-error')).toBeTruthy()
      expect((await tab.run('status')).pack).toMatchObject({ state: 'ready', sequence: 1 })
      expect(share((await tab.run('rank', mixed())).ids, 'lamp')).toBe(8)
    },

    'a release that fails its golden sequences is not used': async (stage) => {
      const { expect, release, altered } = stage
      const tab = await warmPage(stage)
      const wrong = altered(release(2), (manifest) => {
        for (const sequence of manifest.golden as { top: number[] }[]) sequence.top.reverse()
      })
      stage.publish(wrong)
      await tab.reload()
      await tab.run('create')
      expect(await tab.run('heard', 'pack-error')).toMatchObject({ message: expect.stringMatching(/golden/) })
      expect((await tab.run('status')).pack).toMatchObject({ state: 'ready', sequence: 1 })
      // The bad release is neither fetched nor tried again.
      await tab.reload()
      const before = stage.site.requests.length
      await tab.run('create')
      await tab.run('ready')
      await new Promise((resolve) => setTimeout(resolve, 500))
      expect(stage.site.requests.slice(before).filter(({ path }) => BINARY.test(path))).toEqual([])
    },

    'the kill switch works on a warm page, and a new release ends it': async (stage) => {
      const { expect, release, altered } = stage
      const tab = await warmPage(stage)
      stage.publish(
        altered(release(2), (manifest) => {
          manifest.disabled = true
        }),
      )
      await tab.reload()
      await tab.run('create')
      expect(await tab.run('heard', 'disabled')).toBeTruthy()
      expect(await tab.run('rank', mixed())).toMatchObject({ by: 'server', why: 'disabled', ids: mixed() })
      await tab.reload()
      await tab.run('create')
      expect(await tab.run('rank', mixed())).toMatchObject({ by: 'server', why: 'disabled' })
      stage.publish(release(3))
      await tab.reload()
      await tab.run('create')
      await expect
        .poll(async () => (await tab.run('status')).pack)
        .toMatchObject({ state: 'ready', sequence: 3 })
    },

    'a pack beyond the size limit is refused': async ({ open, expect }) => {
      const tab = await open()
      await tab.run('create', { maxPackBytes: 1000 })
      expect((await tab.run('ready')).pack).toMatchObject({
        state: 'failed',
        error: expect.stringMatching(/1000/),
      })
    },

    'with a key, a signed pack serves': async ({ open, key, expect }) => {
      const tab = await open()
      await tab.run('create', { key })
      expect((await tab.run('ready')).pack).toMatchObject({ state: 'ready', signed: true })
    },

    'with a key, a pack that is not signed is refused': async ({ open, site, key, expect }) => {
      site.change(/manifest\.sig$/, missing)
      const tab = await open()
      await tab.run('create', { key })
      expect((await tab.run('ready')).pack).toMatchObject({
        state: 'failed',
        error: expect.stringMatching(/manifest\.sig/),
      })
      expect(await tab.run('rank', mixed())).toMatchObject({ by: 'server', why: 'no-pack' })
    },

    'with a key, a manifest that was tampered with is refused': async ({ open, site, key, expect }) => {
      site.change(/manifest\.json$/, (answer) => ({ ...answer, body: `${answer.body} ` }))
      const tab = await open()
      await tab.run('create', { key })
      expect((await tab.run('ready')).pack).toMatchObject({
        state: 'failed',
        error: expect.stringMatching(/manifest\.sig/),
      })
    },

    'with a key, a downgrade is refused and the stored pack stays': async (stage) => {
      const { expect, release, key } = stage
      stage.publish(release(2))
      const tab = await warmPage(stage, { key })
      stage.publish(release(1))
      await tab.reload()
      await tab.run('create', { key })
      expect(await tab.run('heard', 'pack-error')).toMatchObject({
        message: expect.stringMatching(/sequence/),
      })
      expect((await tab.run('status')).pack).toMatchObject({ state: 'ready', sequence: 2 })
    },
  },
})
