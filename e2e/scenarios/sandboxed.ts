/** Sandboxed frames, and pages that ask the browser to isolate them. */
import { mixed } from '../goods.js'
import { lists } from '../lists.js'
import { type Stage, scenario } from '../scenario.js'
import type { Answer } from '../site.js'

interface Told {
  origin: string
  status: { worker: string; pack: { state: string; error?: string }; error?: string }
  ranked: { by: string; why?: string; items: { item: string }[] }
}

const page = globalThis as unknown as { told: Told | undefined; said: string[] }

const acts = {
  ...lists,
  async told() {
    for (let i = 0; i < 400 && !page.told; i++) await new Promise((resolve) => setTimeout(resolve, 25))
    return page.told
  },
  isolated: () => crossOriginIsolated,
}
type Acts = typeof acts

/** A page in a frame. It has no acts, because their module would have another origin. */
const framed = (
  cdn: string,
) => `<!doctype html><script src="/nearside/nearside.js" data-pack="${cdn}/packs/shop/" data-timeout="9000"></script>
<script type="text/javascript">
  (async () => {
    let status
    do status = await nearside.status(); while (!['ready', 'failed'].includes(status.pack.state) && !status.error)
    const { by, why, items } = await nearside.rank(${JSON.stringify(mixed())})
    parent.postMessage({ origin: self.origin, status, ranked: { by, why, items: items.map(({ item }) => ({ item })) } }, '*')
  })()
</script>`

const HEAR = `<script>addEventListener('message', ({ data }) => { told = data })</script>`

async function inFrame({ open, page, site }: Stage<Acts>, sandbox: string): Promise<Told> {
  site.serve('/framed', { body: framed(site.cdn) })
  const tab = await open(page({ head: HEAR, body: `<iframe sandbox="${sandbox}" src="/framed"></iframe>` }))
  return (await tab.run('told')) as Told
}

/** Adds these headers to every answer of the shop's origin. */
function always({ site }: Stage<Acts>, pattern: RegExp, headers: Record<string, string>): void {
  site.change(pattern, (answer: Answer) => ({ ...answer, headers: { ...answer.headers, ...headers } }))
}

const ISOLATED = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
}

export default scenario({
  name: 'pages set apart',
  acts,
  tests: {
    'in a sandboxed frame the worker runs, the server\u2019s order stands, and the reason is said': async (
      stage,
    ) => {
      const { expect } = stage
      const { origin, status, ranked } = await inFrame(stage, 'allow-scripts')
      expect(origin).toBe('null')
      expect(status).toMatchObject({
        worker: 'running',
        pack: { state: 'failed', error: expect.stringMatching(/https/) },
      })
      expect(ranked).toMatchObject({ by: 'server', why: 'no-pack' })
      expect(ranked.items.map(({ item }) => item)).toEqual(mixed())
    },

    'a sandboxed frame that keeps its origin ranks': async (stage) => {
      const { status, ranked } = await inFrame(stage, 'allow-scripts allow-same-origin')
      stage.expect([status.pack.state, ranked.by]).toEqual(['ready', 'device'])
    },

    'on an isolated page the console names the header that worker.js lacks': async (stage) => {
      const { expect } = stage
      always(stage, /^\/(page-\d+|acts\.js)$/, ISOLATED)
      const tab = await stage.open(stage.page())
      expect(await tab.run('isolated')).toBe(true)
      await tab.run('create')
      expect(await tab.run('rank', mixed())).toMatchObject({ by: 'server', why: 'error', ids: mixed() })
      expect(
        tab.errors.filter((error) =>
          error.includes('on an isolated page sent with Cross-Origin-Embedder-Policy'),
        ),
      ).toHaveLength(1)
    },

    'an isolated page whose files all carry the header ranks': async (stage) => {
      const { expect } = stage
      always(stage, /./, ISOLATED)
      const tab = await stage.open(stage.page())
      expect(await tab.run('isolated')).toBe(true)
      await tab.run('create')
      expect((await tab.run('ready')).pack.state).toBe('ready')
      expect(await tab.run('rank', mixed())).toMatchObject({ by: 'device' })
    },
  },
})
