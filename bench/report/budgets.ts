/** The project's budgets, each compared with what was measured. */
import { budgetOf } from '../../build/sizes.js'
import type { Results } from './results.js'

export interface Budget {
  what: string
  limit: string
  measured: string
  holds: boolean
}

const bytesText = (bytes: number) => (bytes < 1000 ? `${bytes} B` : `${(bytes / 1000).toFixed(2)} KB`)
const milliseconds = (ms: number) => `${ms.toFixed(ms < 1 ? 3 : ms < 10 ? 2 : ms < 100 ? 1 : 0)} ms`

const DOWNLOADS: Readonly<Record<string, string>> = {
  'stub.js': 'snippet before the script tag, brotli',
  'index.js': 'what a page loads from npm, brotli',
  'nearside.js': 'what a page loads by script tag, brotli',
  'worker.js': 'the engine in its worker, brotli',
}

/** From so many items on, the vectors and ids of a pack must be smaller. */
const MILLION = 1_000_000

/** The worst of what was measured in several settings: a budget holds in all of them. */
function worst<T>(list: readonly T[], of: (entry: T) => number): number {
  if (list.length === 0) throw new Error('nothing was measured for a budget')
  return Math.max(...list.map(of))
}

function most(what: string, limit: number, measured: number, show: (value: number) => string): Budget {
  return { what, limit: show(limit), measured: show(measured), holds: measured <= limit }
}

export function budgets({ scan, rank, visits, packs, sizes }: Results): Budget[] {
  const million = scan.find(({ n }) => n === MILLION)
  const trained = packs.filter(({ synthetic }) => !synthetic)
  const tasks = visits.reduce((sum, { longTasks }) => sum + longTasks, 0)
  const share = Math.min(...visits.map(({ byDevice }) => byDevice))
  return [
    ...sizes.flatMap(({ file, brotli }) => {
      const budget = budgetOf(file)
      return budget === null ? [] : most(DOWNLOADS[file] ?? `${file}, brotli`, budget, brotli, bytesText)
    }),
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
            1.2,
            million.ms.wasm / million.ms.floor,
            (times) => `${times.toFixed(2)} times`,
          ),
        ]
      : []),
    most(
      'warm page: `create` to first ranking',
      100,
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
        pack.items < MILLION ? 32 : 20,
        pack.ids + pack.vectors,
        (bytes) => `${bytes.toFixed(1)} B/item`,
      ),
    ),
  ]
}
