/** Tables of what `npm run bench` measured: `bench/results/RESULTS.md`, and the figures of the README. */
import { count, table } from '../pages/table.js'
import type { Contender } from '../scan/worker.js'
import { type Budget, budgets } from './budgets.js'
import type { Results } from './results.js'

const NAMES: Record<Contender, string> = {
  floor: 'floor: WASM adds up the bytes',
  wasm: '**nearside, WASM SIMD**',
  js: 'nearside, plain JavaScript',
  tfjs: 'TensorFlow.js on WASM, `matMul` + `topk`',
  floats: 'JavaScript loop over floats',
}

const ms = (value: number) => value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)
const times = (value: number) => `${value.toFixed(value < 10 ? 1 : 0)}×`
const kb = (bytes: number) => (bytes < 1000 ? `${bytes} B` : `${(bytes / 1000).toFixed(1)} KB`)

function scanTable({ scan }: Results): string {
  const names = Object.keys(NAMES) as Contender[]
  return table(
    ['', ...scan.map(({ n }) => `${count(n)} items`)],
    [
      ...names.map((name) => [
        NAMES[name],
        ...scan.map(({ ms: took }) => {
          const ratio = name === 'floor' ? '' : ` (${times(took[name] / took.wasm)})`
          return `${ms(took[name])} ms${name === 'wasm' ? '' : ratio}`
        }),
      ]),
      ['nearside against the floor', ...scan.map(({ ms: took }) => times(took.wasm / took.floor))],
      ['recall@100 of the integer scan', ...scan.map(({ recall }) => recall.toFixed(3))],
    ],
  )
}

function rankTable({ rank, visits }: Results): string {
  return table(
    ['', ...rank.map(({ name, items }) => `${name}, ${count(items)} items`)],
    [
      ['`rank` of 200 in the worker, p50', ...rank.map(({ p50 }) => `${ms(p50)} ms`)],
      ['`rank` of 200 in the worker, p95', ...rank.map(({ p95 }) => `${ms(p95)} ms`)],
      ['first visit: `create` to first ranking', ...visits.map(({ cold }) => `${ms(cold)} ms`)],
      ['next page: `create` to first ranking', ...visits.map(({ warm }) => `${ms(warm)} ms`)],
      ['next page, p95', ...visits.map(({ warmP95 }) => `${ms(warmP95)} ms`)],
      ['next page: pack comes from', ...visits.map(({ from }) => from)],
      [
        'next page: first `rank` answered by the device',
        ...visits.map(({ byDevice }) => `${(100 * byDevice).toFixed(0)} %`),
      ],
      ['main thread per `rank` of 200', ...visits.map(({ mainThread }) => `${mainThread.toFixed(2)} ms`)],
      ['long tasks', ...visits.map(({ longTasks }) => longTasks)],
    ],
  )
}

function sizeTable({ sizes }: Results): string {
  return table(
    ['file', 'what', 'raw', 'gzip', 'brotli'],
    sizes.map(({ file, what, raw, gzip, brotli }) => [`\`${file}\``, what, kb(raw), kb(gzip), kb(brotli)]),
    2,
  )
}

function packTable({ packs }: Results): string {
  const bytes = (value: number) => value.toFixed(1)
  return table(
    ['pack', 'items', 'k', 'vectors', 'ids', 'neighbours', 'facts', 'all files'],
    packs.map((p) => [
      p.name,
      count(p.items),
      p.minSessions,
      bytes(p.vectors),
      bytes(p.ids),
      bytes(p.neighbours),
      bytes(p.facts),
      kb(p.total),
    ]),
  )
}

function budgetTable(list: Budget[]): string {
  return table(
    ['budget', 'limit', 'measured', ''],
    list.map(({ what, limit, measured, holds }) => [
      what,
      limit,
      measured,
      holds ? 'pass' : '**over budget**',
    ]),
  )
}

function machineLine({ machine: m }: Results): string {
  return `${m.cpu}, ${m.cores} cores, ${m.memoryGB} GB, ${m.system}; ${m.browser}, Node ${m.node}; ${m.date}`
}

/** Every table. */
export function resultsPage(results: Results): string {
  return `# Results

Written by \`npm run bench\`, which anyone can repeat. Measured on ${machineLine(results)}.
Times differ from machine to machine, so read the ratios. Everything ran in a worker of a headless browser without a GPU;
WebGL is not measured.

## Budgets

${budgetTable(budgets(results))}

## Top 100 of the whole catalogue by inner product, 64 dimensions

Median of ${results.scan.map(({ rounds, n }) => `${rounds} queries at ${count(n)}`).join(', ')}. The brackets say how many
times as long as nearside's WASM. The vectors are unit vectors from a seeded mixture of 512 Gaussians: 8-bit integers with one
step for all in nearside, 32-bit floats in the others. The contenders take turns, query by query. TensorFlow.js runs its SIMD
build on one thread, as it does on pages that are not cross-origin isolated. The floor is a WASM loop that only adds up the
bytes of all vectors: no scan of them can be faster.

${scanTable(results)}

## Ranking

Each ranking in the worker follows a new event, so the session is encoded and the catalogue scanned again. Sessions have 10
events. There are ${results.visits.map(({ rounds }) => rounds).join(' and ')} first visits, and twice as many next pages. The server is on the same machine.

${rankTable(results)}

## Sizes

1 KB is 1,000 bytes. Brotli has quality 11, gzip 9.

${sizeTable(results)}

For comparison, at brotli and measured separately in November 2026: TensorFlow.js whole 213 KB, its core with the WASM backend 33 KB and
117 KB of .wasm, onnxruntime-web 24 KB and 2,625 KB of .wasm, hnswlib-wasm 205 KB, voy-search 63 KB.

## Packs

Bytes per item at brotli-11, each part compressed by itself. The catalogue called synthetic has random vectors and
neighbours, which compress worse than real ones.

${packTable(results)}
`
}

/** Figures of the README, by the name of their section. */
export function readmeBlocks(results: Results): Record<string, string> {
  const million = results.scan.at(-1)!
  const own = (name: Contender) => times(million.ms[name] / million.ms.wasm)
  const [rank, visit] = [results.rank[0]!, results.visits[0]!]
  const pack = results.packs[0]!
  return {
    'figures:sizes': sizeTable(results),
    'figures:speed': `${budgetTable(budgets(results))}

Top 100 of ${count(million.n)} items takes ${ms(million.ms.wasm)} ms, ${times(million.ms.wasm / million.ms.floor)} the time that WASM needs to add up the same bytes. A plain
loop over floats takes ${own('floats')} as long, TensorFlow.js on WASM ${own('tfjs')}. The first ranking of a first visit comes ${ms(visit.cold)} ms after
\`create\`, that of the next page ${ms(visit.warm)} ms after. Ranking 200 products of a pack of ${count(rank.items)} takes the worker ${ms(rank.p50)} ms. The
${pack.name} pack is ${kb(pack.total)} for ${count(pack.items)} items. Measured on ${machineLine(results)}.`,
  }
}
