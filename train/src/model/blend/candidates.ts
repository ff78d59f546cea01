/** The candidates that the engine finds for held-out questions, in flat arrays, to fit the blend on. */
import { EXCLUDED } from '../../../../worker/compute/scorer.js'
import { bucketOf } from '../../../../worker/rank/blend.js'
import { type Evidence, gather, type ServingModel } from '../../../../worker/rank/evidence.js'
import { denseLogits } from '../../../../worker/rank/relevance.js'
import { type Repeat, repeatsOf } from '../../../../worker/rank/repeats.js'
import { Breath } from '../../running/breath.js'
import type { Question } from '../log/predictions.js'

/**
 * Each question keeps its KEPT best candidates by each part. Of the rest it keeps every THINNED-th one, which then
 * counts THINNED times. This saves memory and time.
 */
const KEPT = 24
const THINNED = 8

/** What each part of the blend (vectors and tables) says about each candidate of many questions. */
export interface Candidates {
  /** Question i has candidates starts[i] to starts[i + 1] - 1. Its target is the candidate targets[i]. */
  starts: number[]
  targets: number[]
  buckets: number[]
  /** ln p of the vectors, then ln p of each table; -Infinity where p is 0. */
  logs: Float32Array[]
  /** For candidates that the session has already seen: when and how. */
  repeats: Map<number, Repeat>
  /** 1 for a rare item that is in the session. */
  rare: Uint8Array
  /** How many candidates each one stands for. */
  copies: Uint8Array
}

export async function collectCandidates(
  model: ServingModel,
  asked: readonly Question[],
  signal?: AbortSignal,
): Promise<Candidates> {
  const { catalog } = model
  const breath = new Breath(signal)
  const parts = 1 + catalog.tables.length
  const starts = [0]
  const targets: number[] = []
  const buckets: number[] = []
  let capacity = 1 << 16
  let length = 0
  let logs = Array.from({ length: parts }, () => new Float32Array(capacity))
  const repeats = new Map<number, Repeat>()
  let rare = new Uint8Array(capacity)
  let copies = new Uint8Array(capacity)
  for (const { steps, target } of asked) {
    const evidence = gather(model, steps)
    const found = foundBy(evidence)
    const places = repeatsOf(steps)
    // If no part finds the target, the question teaches nothing.
    if (found.has(target)) {
      const rows = Uint32Array.from(found)
      if (length + rows.length > capacity) {
        capacity *= 2
        logs = logs.map((old) => resized(old, new Float32Array(capacity)))
        rare = resized(rare, new Uint8Array(capacity))
        copies = resized(copies, new Uint8Array(capacity))
      }
      const dense = denseLogits(model, evidence, rows)
      const kept = strongest(evidence, rows, dense)
      for (let r = 0; r < rows.length; r++) {
        const row = rows[r]!
        const whole = row === target || places.has(row) || kept.has(r)
        if (!whole && r % THINNED !== 0) continue
        copies[length] = whole ? 1 : THINNED
        logs[0]![length] = dense[r]!
        evidence.tables.forEach((table, t) => {
          logs[t + 1]![length] = Math.log(table.get(row) ?? 0)
        })
        const repeat = places.get(row)
        if (repeat) repeats.set(length, repeat)
        rare[length] = repeat && catalog.bias[row] === EXCLUDED ? 1 : 0
        if (row === target) targets.push(length)
        length++
      }
      starts.push(length)
      buckets.push(bucketOf(steps.length))
    }
    if (breath.due()) await breath.take()
  }
  return { starts, targets, buckets, logs, repeats, rare, copies }
}

/** The rows that any part finds. These are the candidates of the engine's retrieval. */
export function foundBy({ dense, tables, repeats }: Evidence): Set<number> {
  const found = new Set<number>(dense?.best.rows)
  for (const table of tables) for (const row of table.keys()) found.add(row)
  for (const row of repeats.keys()) found.add(row)
  return found
}

/** Indices of the best rows by each part. They make up most of the sum of relevances. */
function strongest(evidence: Evidence, rows: Uint32Array, dense: Float64Array): Set<number> {
  const kept = new Set<number>()
  const order = Array.from(rows.keys())
  const keep = (strength: (r: number) => number) => {
    order.sort((a, b) => strength(b) - strength(a))
    for (const r of order.slice(0, KEPT)) kept.add(r)
  }
  keep((r) => dense[r]!)
  for (const table of evidence.tables) keep((r) => table.get(rows[r]!) ?? 0)
  return kept
}

function resized<T extends Float32Array | Uint8Array>(from: T, to: T): T {
  to.set(from)
  return to
}
