/** Browsers that lack a feature or block it. The SDK works with what is left, and reports it. */
import { mixed, share, sku } from '../goods.js'
import { type Stage, scenario, type Tab } from '../scenario.js'
import { EMPTY, shop } from '../shop.js'

const acts = shop
type Acts = typeof acts

const LAMPS = [0, 1, 2].map((n) => sku('lamp', n))

const NO_INDEXEDDB = 'Object.defineProperty(self, "indexedDB", { value: undefined });'
const NO_OPFS = 'delete StorageManager.prototype.getDirectory;'
const NO_CACHES = 'delete self.caches; delete WorkerGlobalScope.prototype.caches;'
/** As in a sandboxed frame or with blocked site data: reading these properties throws. */
const DENIED = `for (const name of ['indexedDB', 'caches'])
  Object.defineProperty(self, name, { get() { throw new DOMException('denied', 'SecurityError') } });
StorageManager.prototype.getDirectory = async () => { throw new DOMException('denied', 'SecurityError') };`

/** Puts this code at the start of the worker. */
function workerBegins({ site }: Stage<Acts>, code: string): void {
  site.change(/worker\.js$/, (answer) => ({ ...answer, body: `${code};\n${answer.body}` }))
}

/** Ranks on a page with a grant, then opens the next page to see what it knows and where its pack comes from. */
async function twoPages(stage: Stage<Acts>): Promise<Tab<Acts>> {
  const { open, expect } = stage
  const tab = await open()
  await tab.run('create', { consent: 'granted' })
  await tab.run('ready')
  await tab.run('view', ...LAMPS)
  expect(share((await tab.run('rank', mixed())).ids, 'lamp')).toBe(8)
  await new Promise((resolve) => setTimeout(resolve, 500))
  await tab.reload()
  await tab.run('create')
  await tab.run('ready')
  return tab
}

const places: [string, string, { storage: string; from: string; kept: string; known: number }][] = [
  ['everything', '', { storage: 'opfs', from: 'opfs', kept: 'disk', known: 3 }],
  ['no OPFS', NO_OPFS, { storage: 'cache', from: 'cache', kept: 'disk', known: 3 }],
  [
    'neither OPFS nor Cache API',
    NO_OPFS + NO_CACHES,
    { storage: 'indexeddb', from: 'indexeddb', kept: 'disk', known: 3 },
  ],
  ['no IndexedDB', NO_INDEXEDDB, { storage: 'opfs', from: 'opfs', kept: 'memory', known: 0 }],
  [
    'no storage at all',
    NO_INDEXEDDB + NO_OPFS + NO_CACHES,
    { storage: 'memory', from: 'network', kept: 'memory', known: 0 },
  ],
  ['all storage denied', DENIED, { storage: 'memory', from: 'network', kept: 'memory', known: 0 }],
  [
    'no BroadcastChannel and no locks',
    'delete self.BroadcastChannel; delete WorkerNavigator.prototype.locks;',
    { storage: 'opfs', from: 'opfs', kept: 'disk', known: 3 },
  ],
]

export default scenario({
  name: 'browsers without',
  acts,
  tests: {
    ...Object.fromEntries(
      places.map(([what, code, { storage, from, kept, known }]) => [
        `with ${what}, packs live in ${storage} and events in ${kept === 'disk' ? 'IndexedDB' : 'memory'}`,
        async (stage: Stage<Acts>) => {
          const { expect } = stage
          workerBegins(stage, code)
          const tab = await twoPages(stage)
          expect((await tab.run('status')).pack.from).toBe(from)
          await expect.poll(async () => (await tab.run('status')).storage).toBe(storage)
          const data = await tab.run('data')
          expect([data?.kept, data?.events.length]).toEqual([kept, known])
          expect(await tab.run('rank', mixed())).toMatchObject({ by: 'device' })
          await tab.run('deny')
          await tab.run('nothingStored')
          expect(await tab.run('stored')).toEqual(EMPTY)
          expect(tab.errors).toEqual([])
        },
      ]),
    ),

    'without DecompressionStream the uncompressed files are fetched': async (stage) => {
      workerBegins(stage, 'delete self.DecompressionStream')
      const tab = await stage.open()
      await tab.run('create')
      stage.expect((await tab.run('ready')).pack.state).toBe('ready')
      stage.expect(stage.site.requests.filter(({ path }) => path.endsWith('.gz'))).toEqual([])
    },

    'without localStorage the decision is not remembered, and everything else works': async ({
      open,
      page,
      expect,
    }) => {
      const head = `<script>Object.defineProperty(self, 'localStorage', {
        configurable: true, get() { throw new DOMException('denied', 'SecurityError') } })</script>`
      const tab = await open(page({ head }))
      await tab.run('create')
      await tab.run('grant')
      await tab.run('ready')
      await tab.run('view', ...LAMPS)
      expect(share((await tab.run('rank', mixed())).ids, 'lamp')).toBe(8)
      await tab.reload()
      await tab.run('create')
      expect(await tab.run('consent')).toBe('unknown')
      expect(tab.errors).toEqual([])
    },

    'without WebAssembly in the worker, JavaScript ranks': async (stage) => {
      workerBegins(stage, 'delete self.WebAssembly')
      const tab = await stage.open()
      await tab.run('create')
      stage.expect(await tab.run('backend')).toBe('js')
      await tab.run('view', ...LAMPS)
      stage.expect(share((await tab.run('rank', mixed())).ids, 'lamp')).toBe(8)
      stage.expect(tab.errors).toEqual([])
    },

    'without Worker the server\u2019s order stands': async ({ open, page, expect }) => {
      const tab = await open(page({ head: '<script>delete window.Worker</script>' }))
      await tab.run('create')
      expect(await tab.run('rank', mixed())).toMatchObject({ by: 'server', why: 'error', ids: mixed() })
      expect(await tab.run('data')).toBeNull()
    },

    'where worker.js is missing the server\u2019s order stands': async ({ open, site, expect }) => {
      site.change(/worker\.js$/, () => ({ status: 404, body: 'no such file' }))
      const tab = await open()
      await tab.run('create')
      expect(await tab.run('rank', mixed())).toMatchObject({ by: 'server', why: 'error', ids: mixed() })
      expect((await tab.run('status')).error).toBeTruthy()
    },
  },
})
