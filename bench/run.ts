/**
 * `npm run bench`: measures what was built, prints the tables, and writes RESULTS.json, RESULTS.md and the figures of the
 * README. `npm run bench -- --quick` measures less, and writes nothing: it shows that everything runs.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { chromium } from 'playwright'
import { browserOptions } from '../e2e/browser.js'
import { bundle } from './bundle.js'
import { inWorker } from './driver.js'
import { machine } from './machine.js'
import { packWeight } from './pack.js'
import { demoPack, syntheticPack } from './packs.js'
import type { RankResult } from './rank/worker.js'
import { fill, readmeBlocks, resultsPage } from './report.js'
import type { Results } from './results.js'
import type { ScanResult } from './scan/worker.js'
import { serve } from './server.js'
import { sizes } from './sizes.js'
import { visits } from './visits/visits.js'

const { quick } = parseArgs({ options: { quick: { type: 'boolean', default: false } } }).values
const here = import.meta.dirname
const root = join(here, '..')
// Not in this folder, whose node_modules every installation wipes.
const cache = join(root, 'node_modules/.cache/bench')

const say = (what: string) => console.error(`bench: ${what}`)

const site = await bundle(join(cache, 'site'), { scan: 'scan/worker.ts', rank: 'rank/worker.ts' })
writeFileSync(join(site, 'index.html'), '<!doctype html><title>bench</title><link rel="icon" href="data:,">')

say('packs')
const folder = join(cache, 'packs')
mkdirSync(folder, { recursive: true })
const packs = [
  demoPack(root, folder, quick ? 1_000 : Infinity),
  syntheticPack(quick ? 5_000 : 50_000, folder),
]

const server = await serve({
  '/': site,
  '/nearside/': join(root, 'dist'),
  '/visits/': join(here, 'visits'),
  '/packs/': folder,
  '/tfjs/': join(here, 'node_modules/@tensorflow/tfjs-backend-wasm/dist'),
})
const browser = await chromium.launch(browserOptions())
try {
  const page = await browser.newPage()
  await page.goto(`${server.origin}/`)
  const results: Results = {
    machine: machine(`Chromium ${browser.version()}`),
    scan: [],
    rank: [],
    visits: [],
    sizes: sizes(join(root, 'dist')),
    packs: [],
  }
  for (const { name, synthetic, path, ids } of packs) {
    say(`${name} pack: weight, ranking, visits`)
    results.packs.push(await packWeight(name, join(folder, path), synthetic))
    results.rank.push(
      await inWorker<RankResult>(page, '/rank.js', {
        name,
        pack: `${server.origin}/packs/${path}/`,
        ids,
        candidates: 200,
        rounds: quick ? 200 : 500,
      }),
    )
    results.visits.push(
      await visits(browser, server.origin, {
        name,
        pack: `/packs/${path}/`,
        ids: `/packs/${path}.json`,
        rounds: quick ? 2 : 20,
      }),
    )
  }
  say('scan')
  const all = [
    { n: 50_000, rounds: 101 },
    { n: 200_000, rounds: 61 },
    { n: 1_000_000, rounds: 31 },
  ]
  results.scan = await inWorker<ScanResult[]>(page, '/scan.js', {
    sizes: quick ? [{ n: 50_000, rounds: 5 }] : all,
    dim: 64,
    k: 100,
    tfjsFiles: '/tfjs/',
  })

  console.log(resultsPage(results))
  if (!quick) {
    const readme = join(root, 'README.md')
    // Filled first: without its blocks nothing is written.
    const filled = fill(readFileSync(readme, 'utf8'), readmeBlocks(results))
    writeFileSync(readme, filled)
    writeFileSync(join(here, 'RESULTS.json'), `${JSON.stringify(results, null, 2)}\n`)
    writeFileSync(join(here, 'RESULTS.md'), resultsPage(results))
    say('written: README.md, bench/RESULTS.md, bench/RESULTS.json')
  }
} finally {
  await browser.close()
  server.close()
}
