/**
 * What compare.py gets of a training log: all sessions except the latest tenth, the sessions to ask about, which items are
 * rare, and the vectors that the trainer starts from. main.ts bundles it, because kernels are compiled on import.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { instantiate } from '../../train/kernels/kernels.js'
import { Memory } from '../../train/kernels/memory.js'
import type { Interactions } from '../../train/src/data/interactions.js'
import { loadLog } from '../../train/src/data/load/load.js'
import type { Hyper } from '../../train/src/encoders/hyper.js'
import type { Kind } from '../../train/src/encoders/kind.js'
import { KINDS } from '../../train/src/encoders/kinds.js'
import { type Log, latest, positiveLog, sliceLog } from '../../train/src/model/log/log.js'
import { supportOf } from '../../train/src/model/log/support.js'
import { REPEATS } from '../../train/src/model/optimise/parameters.js'
import { hyperFor } from '../../train/src/model/optimise/settings.js'
import { MutualInformation } from '../../train/src/model/start/initial.js'
import { pairRows } from '../../train/src/model/tables/cooccurrence.js'
import { Breath } from '../../train/src/running/breath.js'

const HELD_OUT = 0.1
const ASKED = 6000
/** A longer log is cut to its latest events, so that all rows can be trained within hours. */
const EVENTS = 200_000
const SEED = 1
const DIMS = [32, 64, 96]

export interface Prepared {
  time: Interactions['time']
  items: number
  repeats: number
  asked: number
  dims: number[]
  /** What the trainer would train each kind with. */
  hyper: Record<Kind, Hyper>
}

/**
 * @param k `--min-sessions`
 * @param folder for the arrays, by their names, and spec.json
 */
export async function prepare(path: string, k: number, folder: string): Promise<Prepared> {
  const { data } = await loadLog({ events: [path], clean: true })
  const log = latest(positiveLog(data), EVENTS)
  const times = data.times.filter((_, e) => data.weights[e]! > 0).slice(-log.rows.length)
  const cut = Math.ceil(log.sessions * (1 - HELD_OUT))
  const [part, held] = [sliceLog(log, 0, cut), sliceLog(log, cut, log.sessions)]
  const { rare } = supportOf(part, k)

  mkdirSync(folder, { recursive: true })
  const write = (name: string, { buffer, byteOffset, byteLength }: NodeJS.TypedArray) =>
    writeFileSync(join(folder, name), new Uint8Array(buffer, byteOffset, byteLength))
  const writeLog = (name: string, { offsets, rows }: Log, times: Float64Array) => {
    write(`${name}-offsets`, offsets)
    write(`${name}-rows`, rows)
    write(`${name}-times`, times)
  }
  writeLog('train', part, times.subarray(0, part.rows.length))
  const chosen = spread(held)
  const events = chosen.flatMap((s) => range(held.offsets[s]!, held.offsets[s + 1]!))
  const lengths = chosen.map((s) => held.offsets[s + 1]! - held.offsets[s]!)
  let end = 0
  writeLog(
    'asked',
    {
      ...held,
      offsets: Uint32Array.from([0, ...lengths], (length) => (end += length)),
      rows: Uint32Array.from(events, (e) => held.rows[e]!),
    },
    Float64Array.from(events, (e) => times[part.rows.length + e]!),
  )
  write('rare', rare)
  for (const dim of DIMS) write(`start-${dim}`, await start(part, rare, dim))

  const kinds = Object.keys(KINDS) as Kind[]
  const spec: Prepared = {
    time: data.time,
    items: log.items,
    repeats: REPEATS,
    asked: events.length - chosen.length,
    dims: DIMS,
    hyper: Object.fromEntries(
      kinds.map((kind) => [kind, hyperFor(kind, part.rows.length, part.items, 64, SEED)]),
    ) as Record<Kind, Hyper>,
  }
  writeFileSync(join(folder, 'spec.json'), JSON.stringify(spec))
  return spec
}

/** Whole sessions, evenly spread over a log, of about `ASKED` predictions. */
function spread({ offsets, sessions }: Log): number[] {
  const all = range(0, sessions).filter((s) => offsets[s + 1]! - offsets[s]! > 1)
  const predictions = all.reduce((sum, s) => sum + offsets[s + 1]! - offsets[s]! - 1, 0)
  const stride = Math.max(1, Math.ceil(predictions / ASKED))
  return all.filter((_, i) => i % stride === 0)
}

/** Vectors to start from: items that share sessions are close to each other. */
async function start(log: Log, rare: Uint8Array, dim: number): Promise<Float32Array> {
  const information = new MutualInformation(log.items, rare)
  for (const pairs of pairRows(log)) information.add(pairs)
  const memory = new Memory()
  const vectors = new Float32Array(log.items * dim)
  await information.vectors(instantiate(memory), memory, dim, SEED, vectors, new Breath())
  return vectors
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i)
}
