/** Acts that most scenarios share: what a shop's page does with the SDK, and what the browser then holds. */
import type { Nearside, NearsideEvent, Options, RankOptions, Result, Status } from '../src/api.js'
import type { DeviceData } from '../worker/protocol.js'

/** The script tag puts the client here, so the npm pages of the tests do the same. */
const page = globalThis as unknown as { nearside: Nearside; workers: Worker[] }

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

const news: NearsideEvent[] = []

const plain = <T>({ items, by, why }: Result<T>) => ({
  ids: items.map(({ id }) => id),
  by,
  why: why ?? null,
  codes: items.map(({ reasons }) => reasons[0]?.code ?? null),
})

/** Polls until there is a value, for ten seconds at most. */
async function until<T>(
  look: () => Promise<T | undefined> | T | undefined,
  what: string,
  instead: () => unknown = () => undefined,
): Promise<T> {
  const end = Date.now() + 10_000
  while (Date.now() < end) {
    const value = await look()
    if (value !== undefined) return value
    await pause(25)
  }
  throw new Error(`waited ten seconds for ${what}; ${JSON.stringify(await instead())}`)
}

export const shop = {
  /** Creates a client as with npm. @param entry URL of the entry, if it is another file or on another origin */
  async create(options: Partial<Options> = {}, entry = '/nearside/index.js') {
    const { create } = (await import(entry)) as { create(options: Options): Nearside }
    page.nearside = create({ pack: '/packs/shop/', ...options })
    shop.listen()
  },

  /** Collects the client's events for `news`. */
  listen() {
    for (const type of ['ready', 'progress', 'pack-error', 'disabled', 'consent', 'forgotten'] as const) {
      page.nearside.on(type, (event) => void news.push(event))
    }
  },

  news: () => news,

  status: () => page.nearside.status(),

  ready: (): Promise<Status> =>
    until(async () => {
      const status = await page.nearside.status()
      return ['ready', 'disabled', 'failed'].includes(status.pack.state) ? status : undefined
    }, 'a pack'),

  /** Waits until the whole pack is stored, with its optional file. The next page then starts warm and requests nothing. */
  packStored: () =>
    until(async () => {
      const { opfs, caches: names } = await shop.stored()
      // Where there is no OPFS, the Cache API keeps packs.
      const cached = names.includes('nearside-pack') ? await (await caches.open('nearside-pack')).keys() : []
      return [...opfs, ...cached.map(({ url }) => url)].some((name) => name.includes('/facts.')) || undefined
    }, 'a stored pack'),

  track(name: string, ...ids: string[]) {
    page.nearside.track(name, { items: ids.map((item_id) => ({ item_id })) })
  },

  /** Views the goods one by one. Resolves when the engine has the events. */
  async view(...ids: string[]) {
    for (const id of ids) shop.track('view_item', id)
    await shop.events()
  },

  async rank(ids: string[], options: RankOptions<string> = {}) {
    return plain(await page.nearside.rank(ids, options))
  },

  async recommend(options: Parameters<Nearside['recommend']>[0] = {}) {
    return plain(await page.nearside.recommend(options))
  },

  async similar(id: string, options: Parameters<Nearside['similar']>[1] = {}) {
    return plain(await page.nearside.similar(id, options))
  },

  explain: (id: string) => page.nearside.explain(id),

  data: (): Promise<DeviceData | null> => page.nearside.export(),

  /** Names and items of the events that the device holds, oldest first. */
  async events() {
    const data = await page.nearside.export()
    return (data?.events ?? []).map(({ name, items }) => [name, ...items.map(({ item_id }) => item_id)])
  },

  grant: (purpose = 'personalization') => page.nearside.consent.grant(purpose as 'personalization'),
  deny: () => page.nearside.consent.deny(),
  consent: () => page.nearside.consent.state,
  forget: (item?: string) => page.nearside.forget(item === undefined ? item : { item }),
  destroy: () => page.nearside.destroy(),

  /** Waits until the engine has this state, for decisions that another tab made. */
  consentIs: (state: string) =>
    until(async () => ((await page.nearside.status()).consent === state ? true : undefined), `"${state}"`),

  async backend() {
    return (await shop.ready()).backend ?? null
  },

  /** Names of everything in all storages of the origin. */
  async stored() {
    const opfs: string[] = []
    const walk = async (directory: FileSystemDirectoryHandle, path: string) => {
      for await (const [name, handle] of directory.entries()) {
        opfs.push(path + name)
        if (handle.kind === 'directory') await walk(handle as FileSystemDirectoryHandle, `${path}${name}/`)
      }
    }
    // WebKitGTK has no OPFS. What is being deleted meanwhile is not found any more.
    if ('getDirectory' in (navigator.storage ?? {})) {
      await walk(await navigator.storage.getDirectory(), '').catch(() => opfs.push('(changing)'))
    }
    return {
      databases: (await indexedDB.databases()).map(({ name }) => name),
      opfs,
      caches: await caches.keys(),
      local: Object.keys(localStorage),
      session: Object.keys(sessionStorage),
      cookies: document.cookie,
    }
  },

  /** Waits until no storage holds anything. */
  nothingStored: () =>
    until(
      async () => {
        const stored = await shop.stored()
        return Object.values(stored).every(({ length }) => length === 0) ? true : undefined
      },
      'empty storage',
      () => shop.stored(),
    ),

  /** Ends the page's workers without an error, as a browser does that is short of memory. */
  killWorkers: () => {
    for (const worker of page.workers.splice(0)) worker.terminate()
  },
}

/** For a page's head: records the page's workers, so that `killWorkers` finds them. */
export const KILLABLE = `<script>
workers = []
Worker = class extends Worker { constructor(...args) { super(...args); workers.push(this) } }
</script>`

export const EMPTY = { databases: [], opfs: [], caches: [], local: [], session: [], cookies: '' }
