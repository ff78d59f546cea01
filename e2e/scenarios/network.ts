/** The only requests are for the files that the shop has configured. */
import { mixed, sku } from '../goods.js'
import { type Stage, scenario, type Tab } from '../scenario.js'
import { shop } from '../shop.js'

const acts = shop
type Acts = typeof acts

async function everything(tab: Tab<Acts>): Promise<void> {
  await tab.run('ready')
  await tab.run('grant')
  await tab.run('view', sku('lamp', 0), 'unknown-item')
  for (const name of ['add_to_cart', 'purchase', 'view_item_list', 'less_like_this'])
    await tab.run('track', name, sku('mug', 1))
  await tab.run('rank', mixed())
  await tab.run('recommend')
  await tab.run('similar', sku('lamp', 0))
  await tab.run('explain', sku('lamp', 0))
  await tab.run('data')
  await tab.run('packStored')
  await tab.run('forget')
  await tab.run('deny')
  await new Promise((resolve) => setTimeout(resolve, 500))
}

/** The requests, each once, with shortened names of the pack's files. */
function asked({ requested }: Stage<Acts>): string[] {
  const short = requested
    // A Blob URL makes no request.
    .filter(({ url }) => !url.startsWith('blob:'))
    .map(({ method, url }) => `${method} ${url.replace(/\.[0-9a-f]{16}\./, '.*.')}`)
  return [...new Set(short)].sort()
}

function serveLive({ site }: Stage<Acts>): void {
  const live = { version: 1, pack: 1, created: '2026-01-31T12:00:00Z', out: [sku('mug', 10)] }
  site.serve('/live.json', { body: JSON.stringify(live), headers: { ETag: '"1"' } })
}

export default scenario({
  name: 'the network',
  acts,
  tests: {
    'npm: the SDK, the worker, the pack': async (stage) => {
      const tab = await stage.open()
      await tab.run('create')
      await everything(tab)
      const { origin } = stage.site
      stage.expect(asked(stage).filter((line) => !/\.gz$/.test(line))).toEqual([
        `GET ${origin}/`,
        `GET ${origin}/acts.js`,
        `GET ${origin}/nearside/asked.js`,
        `GET ${origin}/nearside/index.js`,
        // For `explain`.
        `GET ${origin}/nearside/shape.js`,
        `GET ${origin}/nearside/worker.js`,
        `GET ${origin}/packs/shop/manifest.json`,
      ])
      for (const line of asked(stage)) stage.expect(line.startsWith(`GET ${origin}/`), line).toBe(true)
      stage.expect(asked(stage).filter((line) => line.endsWith('.bin.gz')).length).toBeGreaterThan(0)
      // The servers saw the same requests as the browser reports.
      const seen = new Set(stage.site.requests.map(({ origin, path }) => origin + path))
      seen.delete(`${origin}/favicon.ico`)
      stage
        .expect([...seen].filter((url) => !stage.requested.some((request) => request.url === url)))
        .toEqual([])
    },

    'script tag, with a key: the signature too': async (stage) => {
      const { origin, cdn } = stage.site
      const head = `<script async src="${cdn}/nearside/nearside.js" data-pack="${cdn}/packs/shop/" data-key="${stage.key}"></script>`
      const path = stage.page({ head })
      const tab = await stage.open(path)
      await everything(tab)
      stage
        .expect(asked(stage).filter((line) => !/\.gz$/.test(line)))
        .toEqual(
          [
            `GET ${origin}${path}`,
            `GET ${origin}/acts.js`,
            `GET ${cdn}/nearside/asked.js`,
            `GET ${cdn}/nearside/nearside.js`,
            `GET ${cdn}/nearside/shape.js`,
            `GET ${cdn}/nearside/worker.js`,
            `GET ${cdn}/packs/shop/manifest.json`,
            `GET ${cdn}/packs/shop/manifest.sig`,
          ].sort(),
        )
    },

    'rules and a live file: the parts of the engine for them, and the file': async (stage) => {
      const { expect, site } = stage
      serveLive(stage)
      const tab = await stage.open()
      const pin = { kind: 'pin' as const, position: 0, where: { ids: [sku('rug', 11)] } }
      await tab.run('create', { live: '/live.json', ranking: { rules: [pin] } })
      await everything(tab)
      const own = asked(stage).map((line) => line.replace(`GET ${site.origin}/`, ''))
      expect(own.filter((line) => !/^$|^packs|^acts/.test(line))).toEqual([
        'live.json',
        ...['asked', 'index', 'live', 'shape', 'worker'].map((file) => `nearside/${file}.js`),
      ])
    },

    'a live file that has not changed costs an empty answer, and lists stay': async (stage) => {
      const { expect, site } = stage
      serveLive(stage)
      const lists: string[][] = []
      for (let n = 0; n < 2; n++) {
        const tab = await stage.open()
        await tab.run('create', { live: '/live.json' })
        await expect.poll(async () => (await tab.run('status')).live?.state).toBe('used')
        lists.push((await tab.run('rank', mixed(), { timeout: 9000 })).ids)
        await tab.close()
      }
      expect(lists[0]!.at(-1)).toBe(sku('mug', 10))
      expect(lists[1]).toEqual(lists[0])
      const answers = site.requests.filter(({ path }) => path === '/live.json')
      expect(answers.map(({ status }) => status)).toEqual([200, 304])
    },
  },
})
