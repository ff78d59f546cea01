/**
 * Top 100 by inner product over the whole catalogue, in a worker: nearside, and what one would write without it. All
 * contenders answer the same query before the next one is drawn, and their order rotates. So all of them suffer alike when
 * the machine gets slower.
 */
import { openJs } from '../../worker/compute/js.js'
import { openWasm } from '../../worker/compute/wasm.js'
import { quantise } from '../../worker/session/query.js'
import { reply } from '../browser/reply.js'
import { median } from '../browser/stats.js'
import { text } from './assembly/index.wasm'
import { topRows } from './floats.js'
import { openTfjs } from './tfjs.js'
import { gaussian, mixture, quantiseAll, seeded } from './vectors.js'

export const CONTENDERS = ['floor', 'wasm', 'js', 'floats', 'tfjs'] as const
export type Contender = (typeof CONTENDERS)[number]

export interface ScanInput {
  /** Catalogue sizes, each with how many queries to time. */
  sizes: { n: number; rounds: number }[]
  dim: number
  k: number
  tfjsFiles: string
}

export interface ScanResult {
  n: number
  rounds: number
  /** Median milliseconds per query. */
  ms: Record<Contender, number>
  /** Share of the exact top k that the integer scan finds, mean over the queries. */
  recall: number
}

const WARM_UP = 5

async function openFloor(codes: Int8Array): Promise<(bytes: number) => number> {
  const binary = Uint8Array.from(text, (character) => character.charCodeAt(0) - 93)
  const { instance } = await WebAssembly.instantiate(binary)
  const { memory, sum } = instance.exports as {
    memory: WebAssembly.Memory
    sum: (from: number, bytes: number) => number
  }
  memory.grow(Math.ceil(codes.length / 65536))
  new Int8Array(memory.buffer).set(codes)
  const expected = codes.reduce((total, code) => total + code, 0)
  if (sum(0, codes.length) !== expected) throw new Error('the floor does not add up')
  return (bytes) => sum(0, bytes)
}

reply(async ({ sizes, dim, k, tfjsFiles }: ScanInput): Promise<ScanResult[]> => {
  const all = mixture(Math.max(...sizes.map(({ n }) => n)), dim, 1)
  const openIndex = await openTfjs(tfjsFiles)
  const results: ScanResult[] = []
  for (const { n, rounds } of sizes) {
    const vectors = all.subarray(0, n * dim)
    const { codes, step } = quantiseAll(vectors)
    const bias = new Int8Array(n)
    const floor = await openFloor(codes)
    const wasm = await openWasm(codes, bias, dim)
    const js = openJs(codes, bias, dim)
    const tfjs = openIndex(vectors, dim)

    const random = seeded(2)
    const normal = gaussian(random)
    const times = new Map(CONTENDERS.map((name) => [name, [] as number[]]))
    let found = 0
    for (let round = 0; round < WARM_UP + rounds; round++) {
      // A visitor's taste is close to an item of the catalogue, but is not that item.
      const near = Math.floor(random() * n) * dim
      const query = Float32Array.from({ length: dim }, (_, d) => vectors[near + d]! + 0.05 * normal())
      const integers = () => quantise(Float64Array.from(query), 1, step, step)
      const scan: Record<Contender, () => unknown> = {
        floor: () => floor(n * dim),
        wasm: () => wasm.topK(integers().codes, 0, k).rows,
        js: () => js.topK(integers().codes, 0, k).rows,
        floats: () => topRows(vectors, dim, query, k),
        tfjs: () => tfjs.topRows(query, k),
      }
      const answers = new Map<Contender, unknown>()
      for (let i = 0; i < CONTENDERS.length; i++) {
        const name = CONTENDERS[(round + i) % CONTENDERS.length]!
        const start = performance.now()
        answers.set(name, await scan[name]())
        if (round >= WARM_UP) times.get(name)!.push(performance.now() - start)
      }
      const rowsOf = (name: Contender) => [...(answers.get(name) as ArrayLike<number> & Iterable<number>)]
      if (rowsOf('wasm').join() !== rowsOf('js').join()) throw new Error('WASM and JavaScript disagree')
      const exact = new Set(rowsOf('floats'))
      if (round >= WARM_UP) found += rowsOf('wasm').filter((row) => exact.has(row)).length
    }
    tfjs.dispose()
    const ms = Object.fromEntries(CONTENDERS.map((name) => [name, median(times.get(name)!)]))
    results.push({ n, rounds, ms: ms as Record<Contender, number>, recall: found / (rounds * k) })
  }
  return results
})
