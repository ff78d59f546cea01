/**
 * What a shop does first: it installs both packages in an empty folder, as they are published, trains a pack from a log,
 * bundles a page with Vite or webpack, and ranks in a browser.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Nearside } from '../src/api.js'
import { browserOptions } from './browser.js'
import { KINDS, mixed, share, sku } from './goods.js'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const windows = process.platform === 'win32'
const MINUTES = 60_000

let shop: string
let browser: Browser
const running: ChildProcess[] = []

/** An item that is out of stock, and one that a rule puts first. Both files that know of such things must be in the build. */
const [GONE, FIRST] = [sku('mug', 10), sku('rug', 11)]
const OPTIONS = {
  pack: '/packs/shop/',
  live: '/live.json',
  ranking: { rules: [{ kind: 'pin', position: 0, where: { ids: [FIRST] } }] },
}

/** A log in which each visitor looks at goods of one kind. */
function log(): string {
  const rows = ['session_id,item_id,timestamp']
  let state = 1
  const random = (n: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * n)
  }
  for (let session = 0; session < 800; session++) {
    for (let step = 0; step < 5; step++) {
      const item = sku(KINDS[session % KINDS.length]!, random(30))
      rows.push(`s${session},${item},${1_700_000_000 + session * 4000 + step * 37}`)
    }
  }
  return rows.join('\n')
}

const npm = (cwd: string, ...args: string[]): string =>
  execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], shell: windows })

function pack(...args: string[]): string {
  const [{ filename }] = JSON.parse(npm(root, 'pack', '--json', '--pack-destination', shop, ...args)) as [
    { filename: string },
  ]
  return join(shop, filename)
}

beforeAll(async () => {
  shop = mkdtempSync(join(tmpdir(), 'nearside-shop-'))
  const { version: vite } = createRequire(import.meta.url)('vite/package.json') as { version: string }
  writeFileSync(join(shop, 'package.json'), '{ "private": true, "type": "module" }')
  npm(
    shop,
    'install',
    '--no-audit',
    '--no-fund',
    '--prefer-offline',
    pack(),
    pack('-w', 'train'),
    `vite@${vite}`,
    'webpack@5',
  )
  browser = await chromium.launch(browserOptions())
}, 10 * MINUTES)

afterAll(async () => {
  for (const child of running) child.kill()
  await browser?.close()
  rmSync(shop, { recursive: true, force: true })
})

test('the SDK has no dependencies, and its tarball holds only what a page needs', () => {
  const installed = join(shop, 'node_modules/nearside')
  const { dependencies = {} } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'))
  expect(dependencies).toEqual({})
  const useful = ['CHANGELOG.md', 'LICENSE', 'README.md', 'dist', 'package.json']
  expect(readdirSync(installed).sort()).toEqual(useful)
  const trainer = readdirSync(join(shop, 'node_modules/@nearside/train'))
  expect(trainer.filter((name) => !useful.includes(name))).toEqual([])
})

test(
  'the installed command line trains a pack, and writes a live file',
  () => {
    writeFileSync(join(shop, 'log.csv'), log())
    const nearside = join(shop, 'node_modules/@nearside/train/dist/cli.js')
    const args = ['train', '--events', 'log.csv', '--out', 'public/packs/shop', '--dim', '16', '--json']
    mkdirSync(join(shop, 'public/packs'), { recursive: true })
    const printed = execFileSync(process.execPath, [nearside, ...args], {
      cwd: shop,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    expect(JSON.parse(printed)).toMatchObject({ items: 120, sessions: 800 })
    expect(existsSync(join(shop, 'public/packs/shop/manifest.json'))).toBe(true)
    writeFileSync(join(shop, 'feed.csv'), `item_id,available\n${GONE},false\n`)
    const live = ['live', '--pack', 'public/packs/shop', '--feed', 'feed.csv', '--out', 'public/live.json']
    execFileSync(process.execPath, [nearside, ...live], { cwd: shop, stdio: ['ignore', 'ignore', 'inherit'] })
  },
  5 * MINUTES,
)

/** Starts Vite and resolves with the address that it prints. */
function vite(...args: string[]): Promise<string> {
  const child = spawn(process.execPath, [join(shop, 'node_modules/vite/bin/vite.js'), ...args], {
    cwd: shop,
    env: { ...process.env, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  running.push(child)
  return new Promise((resolve, reject) => {
    let printed = ''
    child.stdout.on('data', (text) => {
      printed += text
      const address = /http:\/\/localhost:\d+\//.exec(printed)
      if (address) resolve(address[0])
    })
    child.on('exit', () => reject(new Error(`Vite ended:\n${printed}`)))
  })
}

/** Writes a page that makes a client of this entry. @returns the name of its script */
function writePage(entry: string, html: string): string {
  const script = html.replace('html', 'js')
  writeFileSync(
    join(shop, html),
    `<!doctype html><title>Shop</title><link rel="icon" href="data:,"><script type="module" src="/${script}"></script>`,
  )
  writeFileSync(
    join(shop, script),
    `import { create } from '${entry}'\nglobalThis.nearside = create(${JSON.stringify(OPTIONS)})\n`,
  )
  return script
}

async function ranks(address: string): Promise<void> {
  const page = await browser.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(String(error)))
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
  await page.goto(address)
  // In development, Vite may reload the page once, after it has found the packages to optimise.
  const state = () =>
    page.evaluate(async () => {
      const status = await (globalThis as { nearside?: Nearside }).nearside?.status()
      return [status?.pack.state, status?.live?.state]
    })
  await expect.poll(state, { timeout: 20_000 }).toEqual(['ready', 'used'])
  const { by, ids } = await page.evaluate(
    async ([viewed, list]) => {
      const { nearside } = globalThis as unknown as { nearside: Nearside }
      for (const item_id of viewed) nearside.track('view_item', { items: [{ item_id }] })
      const { by, items } = await nearside.rank(list, { timeout: 5000 })
      return { by, ids: items.map(({ id }) => id) }
    },
    [[sku('lamp', 0), sku('lamp', 3), sku('lamp', 6)], mixed(40)] as const,
  )
  expect([by, ids[0], ids.at(-1)]).toEqual(['device', FIRST, GONE])
  expect(share(ids, 'lamp')).toBeGreaterThanOrEqual(6)
  expect(errors).toEqual([])
  await page.close()
}

test.each([
  ['nearside', 'index.html'],
  ['nearside/inline', 'inline.html'],
])(
  'a page that imports %s ranks, in Vite\u2019s development server and built',
  async (entry, html) => {
    const script = writePage(entry, html)
    await ranks((await vite()) + html)
    execFileSync(
      process.execPath,
      [
        join(shop, 'node_modules/vite/bin/vite.js'),
        'build',
        '--logLevel',
        'warn',
        '--outDir',
        `built-${script}`,
      ],
      { cwd: shop, stdio: ['ignore', 'ignore', 'inherit'] },
    )
    await ranks((await vite('preview', '--outDir', `built-${script}`)) + html)
  },
  3 * MINUTES,
)

test(
  'a page that webpack has built ranks, and has the engine’s files beside it',
  async () => {
    const out = join(shop, 'built-webpack')
    const config = {
      mode: 'production',
      entry: `./${writePage('nearside', 'index.html')}`,
      output: { path: out },
    }
    const build = `import webpack from 'webpack'
webpack(${JSON.stringify(config)}, (error, stats) => {
  if (error || stats.hasErrors()) throw error ?? new Error(stats.toString())
})`
    execFileSync(process.execPath, ['--input-type=module', '--eval', build], { cwd: shop })
    cpSync(join(shop, 'public'), out, { recursive: true })
    writeFileSync(
      join(out, 'index.html'),
      '<!doctype html><title>Shop</title><link rel="icon" href="data:,"><script defer src="/main.js"></script>',
    )
    await ranks(await vite('preview', '--outDir', out))
  },
  3 * MINUTES,
)
