/** `npm run bench`: measures what was built, prints the tables, and writes the figures of the README and of `results`. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright'
import { program, start } from '../build/program.js'
import { browserOptions } from '../e2e/browser.js'
import { bundle } from './browser/bundle.js'
import { inWorker } from './browser/driver.js'
import { serve } from './browser/server.js'
import { demoPack, syntheticPack } from './packs/packs.js'
import { packWeight } from './packs/weight.js'
import type { RankResult } from './rank/worker.js'
import { resultsPage } from './report/report.js'
import type { Results } from './report/results.js'
import { sizes } from './report/sizes.js'
import { writeReport } from './report/write.js'
import type { ScanResult } from './scan/worker.js'
import { cacheOf } from './script/bundled.js'
import { machine } from './script/machine.js'
import { ROOT, writeResults } from './script/results.js'
import { visits } from './visits/visits.js'

const HERE = import.meta.dirname
const TFJS = join(HERE, 'node_modules/@tensorflow/tfjs-backend-wasm/dist')

await start(
  program('npm run bench --')
    .description(
      'Measures nearside in a real Chromium, beside plain JavaScript and TensorFlow.js, and holds the figures against ' +
        'the budgets: sizes, the scan of the catalogue, ranking, whole page visits, the weight of packs. Takes about 10 ' +
        'minutes, 5 of them to train the demo pack the first time. Close other programs: they disturb the times.\n\n' +
        'Reads the sources and demo/data; builds first, and installs what only the measurement needs (bench/package.json). ' +
        'Prints the tables, and writes README.md, bench/results/RESULTS.json and bench/results/RESULTS.md.',
    )
    .option('--quick', 'measure less, in about 3 minutes, and write nothing: shows that everything runs')
    .addHelpText(
      'after',
      `
Experiments with the model, each with a --help of its own (npm --prefix bench run quality -- --help):
  quality     how good the lists are on public data             docs/quality.md
  ablation    what each part of the model is worth              docs/experiments.md
  compare     other encoders and losses, in PyTorch             docs/experiments.md
  content     whether items without a history are found         docs/experiments.md
  lifecycle   warm starts, night after night                    docs/experiments.md
  simulate    what weighing purchases is worth                  docs/experiments.md
  speed       how fast the trainer is beside PyTorch            docs/experiments.md
  scale       logs of up to ten million events                  docs/experiments.md
  privacy     what a pack reveals                               docs/privacy.md
  ranking     how packs order the lists of a server             docs/ranking.md
  second-stage  whether a second stage pays                     docs/ranking.md
  cold-start  what is found before and after the first looks    docs/ranking.md
  new-items   whether new items of a live file are found        docs/ranking.md
  dislikes    what "less like this" does                        docs/ranking.md
  feedback    whether implicit feedback is read rightly         docs/ranking.md
  variety     what variety costs                                docs/ranking.md
  policies    whether estimates of other policies are right     docs/ranking.md
  simulator   writes the log of a made-up shop
  pages       writes these pages again from bench/results

Example:
  npm run bench -- --quick`,
    )
    .action(run),
)

async function run({ quick = false }: { quick?: boolean }): Promise<void> {
  prepare()
  const results = await measure(quick)
  console.log(resultsPage(results))
  if (quick) return
  writeReport(results)
  writeResults('RESULTS.json', results)
  say('written: README.md, bench/results/RESULTS.md, bench/results/RESULTS.json')
}

function say(what: string): void {
  console.error(`bench: ${what}`)
}

/** TensorFlow.js, the build and its types. */
function prepare(): void {
  const npm = (...args: string[]) =>
    execFileSync('npm', args, { cwd: ROOT, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' })
  const changed = (path: string) => statSync(join(HERE, path), { throwIfNoEntry: false })?.mtimeMs ?? 0
  if (changed('node_modules/.package-lock.json') < changed('package-lock.json')) {
    say('installing TensorFlow.js')
    npm('--prefix', 'bench', 'ci', '--no-audit', '--no-fund')
  }
  say('building')
  npm('run', '--silent', 'build')
  npm('exec', '--', 'tsc', '-b', 'bench')
}

async function measure(quick: boolean): Promise<Results> {
  const site = await bundle(join(cacheOf('run'), 'site'), { scan: 'scan/worker.ts', rank: 'rank/worker.ts' })
  writeFileSync(
    join(site, 'index.html'),
    '<!doctype html><title>bench</title><link rel="icon" href="data:,">',
  )
  say('packs')
  const folder = join(cacheOf('run'), 'packs')
  mkdirSync(folder, { recursive: true })
  const packs = [
    await demoPack(ROOT, folder, quick ? 1_000 : Infinity),
    syntheticPack(quick ? 5_000 : 50_000, folder),
  ]

  const server = await serve({
    '/': site,
    '/nearside/': join(ROOT, 'dist'),
    '/visits/': join(HERE, 'visits'),
    '/packs/': folder,
    '/tfjs/': TFJS,
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
      sizes: sizes(join(ROOT, 'dist')),
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
    return results
  } finally {
    await browser.close()
    server.close()
  }
}
