/** The project's budgets, each held against what was measured. */
import type { Results } from './results.js'

export interface Budget {
  what: string
  limit: string
  measured: string
  holds: boolean
}

/** Brotli bytes of a file of the build. */
function weight(results: Results, file: string): number {
  const found = results.sizes.find((size) => size.file === file)
  if (!found) throw new Error(`no size of ${file} among the results`)
  return found.brotli
}

const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(2)} KB`
const milliseconds = (ms: number) => `${ms.toFixed(ms < 1 ? 3 : ms < 10 ? 2 : ms < 100 ? 1 : 0)} ms`

/** The worst of what was measured in several settings: a budget holds in all of them. */
function worst<T>(list: readonly T[], of: (entry: T) => number): number {
  if (list.length === 0) throw new Error('a budget has nothing to hold against')
  return Math.max(...list.map(of))
}

export function budgets(results: Results): Budget[] {
  const { scan, rank, visits, packs } = results
  const most = (what: string, limit: number, measured: number, show: (value: number) => string): Budget => ({
    what,
    limit: show(limit),
    measured: show(measured),
    holds: measured <= limit,
  })
  const million = scan.find(({ n }) => n === 1_000_000)
  const trained = packs.filter(({ synthetic }) => !synthetic)
  const tasks = visits.reduce((sum, { longTasks }) => sum + longTasks, 0)
  const share = Math.min(...visits.map(({ byDevice }) => byDevice))
  return [
    most('snippet before the script tag, brotli', 300, weight(results, 'stub.js'), (bytes) => `${bytes} B`),
    most('what a page loads from npm, brotli', 5000, weight(results, 'index.js'), kilobytes),
    most('what a page loads by script tag, brotli', 5000, weight(results, 'nearside.js'), kilobytes),
    most('the engine in its worker, brotli', 16_000, weight(results, 'worker.js'), kilobytes),
    most(
      'main thread per `rank` of 200',
      1,
      worst(visits, ({ mainThread }) => mainThread),
      milliseconds,
    ),
    { what: 'long tasks of the main thread', limit: 'none', measured: String(tasks), holds: tasks === 0 },
    most(
      '`rank` of 200 in the worker, p95',
      5,
      worst(rank, ({ p95 }) => p95),
      milliseconds,
    ),
    ...(million
      ? [
          most(
            'top 100 of a million, against the floor',
            2,
            million.ms.wasm / million.ms.floor,
            (times) => `${times.toFixed(2)} times`,
          ),
        ]
      : []),
    most(
      'warm page: `create` to first ranking',
      150,
      worst(visits, ({ warm }) => warm),
      milliseconds,
    ),
    {
      what: 'warm pages whose first `rank` the device answers',
      limit: '95 %',
      measured: `${(100 * share).toFixed(0)} %`,
      holds: share >= 0.95,
    },
    ...trained.map((pack) =>
      most(
        `vectors and ids of the ${pack.name} pack, brotli`,
        32,
        pack.ids + pack.vectors,
        (bytes) => `${bytes.toFixed(1)} B/item`,
      ),
    ),
  ]
}
