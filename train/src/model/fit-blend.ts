/**
 * Fits the blend (worker/rank/blend.ts) by cross-entropy on sessions that the model has not seen, over the candidates
 * that the engine itself would bring forward for each of them.
 */
import { setImmediate } from 'node:timers/promises'
import { type Blend, type BlendWeights, BUCKETS, bucketOf } from '../../../worker/rank/blend.js'
import { type Evidence, gather, type Model } from '../../../worker/rank/evidence.js'
import { denseLogits } from '../../../worker/rank/relevance.js'
import type { Question } from './predictions.js'

const STEPS = 100
const RATE = 0.08
/** Of each question's candidates the best so many by either measure are kept, and of the rest every so manieth. */
const KEPT = 24
const THINNED = 8

/** Before anything is fitted. */
export function initialBlend(tables: number, repeat: Float32Array): Blend {
  return {
    buckets: Array.from({ length: BUCKETS }, (_, bucket) => ({
      dense: 1,
      denseExponent: 1,
      table: new Array<number>(tables).fill(0.3),
      tableExponent: new Array<number>(tables).fill(1),
      // The longer the session, the less earlier visits say.
      profile: [0.5, 0.35, 0.25, 0.15][bucket]!,
      server: 0.3,
    })),
    repeat: Float32Array.from(repeat),
    rareBias: 0,
    tableDecay: 0.7,
    tableWindow: 20,
  }
}

/** The candidates of many questions, flat: what each part says of each. */
interface Candidates {
  /** Question i has candidates starts[i] to starts[i + 1] - 1; the target is targets[i]. */
  starts: number[]
  targets: number[]
  buckets: number[]
  /** ln p_dense, and ln p of each table; -Infinity for nothing. */
  logs: Float32Array[]
  /** Place among the session's recent items, -1 for none. */
  recency: Int8Array
  /** 1 for a rare item of the session. */
  rare: Uint8Array
  /** How many candidates each one stands for. */
  copies: Uint8Array
}

export async function fitBlend(
  model: Model,
  asked: readonly Question[],
  signal?: AbortSignal,
): Promise<Blend> {
  const candidates = await collect(model, asked, signal)
  const { blend } = model
  if (candidates.targets.length < 20) return blend
  const parts = candidates.logs.length
  const repeats = blend.repeat.length
  // Of each bucket ln weight and ln exponent of each part; then the repeat terms, then the bias of rare items.
  const perBucket = 2 * parts
  const theta = new Float64Array(BUCKETS * perBucket + repeats + 1)
  for (let b = 0; b < BUCKETS; b++) {
    const { dense, table } = blend.buckets[b]!
    ;[dense, ...table].forEach((w, p) => {
      theta[b * perBucket + 2 * p] = Math.log(w)
    })
  }
  theta.set(blend.repeat, BUCKETS * perBucket)

  const m = new Float64Array(theta.length)
  const v = new Float64Array(theta.length)
  const gradient = new Float64Array(theta.length)
  for (let step = 0; step < STEPS; step++) {
    gradient.fill(0)
    addGradient(candidates, theta, parts, repeats, gradient)
    const rate = RATE * Math.min(1, 2 * (1 - step / STEPS))
    for (let i = 0; i < theta.length; i++) {
      m[i] = 0.9 * m[i]! + 0.1 * gradient[i]!
      v[i] = 0.98 * v[i]! + 0.02 * gradient[i]! ** 2
      const mean = m[i]! / (1 - 0.9 ** (step + 1))
      theta[i]! -= (rate * mean) / (Math.sqrt(v[i]! / (1 - 0.98 ** (step + 1))) + 1e-8)
    }
    await setImmediate()
    signal?.throwIfAborted()
  }
  return {
    ...blend,
    buckets: blend.buckets.map((bucket, b): BlendWeights => {
      const at = (p: number, exponent: 0 | 1) => Math.exp(theta[b * perBucket + 2 * p + exponent]!)
      const tables = bucket.table.map((_, t) => t + 1)
      return {
        ...bucket,
        // Only ratios of weights matter.
        dense: 1,
        denseExponent: at(0, 1),
        table: tables.map((p) => at(p, 0) / at(0, 0)),
        tableExponent: tables.map((p) => at(p, 1)),
      }
    }),
    repeat: Float32Array.from(theta.subarray(BUCKETS * perBucket, BUCKETS * perBucket + repeats)),
    rareBias: theta[theta.length - 1]!,
  }
}

async function collect(model: Model, asked: readonly Question[], signal?: AbortSignal): Promise<Candidates> {
  const { catalog } = model
  const parts = 1 + catalog.tables.length
  const starts = [0]
  const targets: number[] = []
  const buckets: number[] = []
  let capacity = 1 << 16
  let length = 0
  let logs = Array.from({ length: parts }, () => new Float32Array(capacity))
  let recency = new Int8Array(capacity)
  let rare = new Uint8Array(capacity)
  let copies = new Uint8Array(capacity)
  for (const [i, { steps, target }] of asked.entries()) {
    const evidence = gather(model, steps)
    const found = new Set<number>(evidence.dense?.best.rows)
    for (const table of evidence.tables) for (const row of table.keys()) found.add(row)
    for (const row of evidence.recency.keys()) found.add(row)
    // Nothing can be learned from a target that no part brings forward.
    if (found.has(target)) {
      const rows = Uint32Array.from(found)
      if (length + rows.length > capacity) {
        capacity *= 2
        logs = logs.map((old) => resized(old, new Float32Array(capacity)))
        recency = resized(recency, new Int8Array(capacity))
        rare = resized(rare, new Uint8Array(capacity))
        copies = resized(copies, new Uint8Array(capacity))
      }
      const dense = denseLogits(model, evidence, rows)
      const kept = strongest(evidence, rows, dense)
      for (let r = 0; r < rows.length; r++) {
        const row = rows[r]!
        const whole = row === target || evidence.recency.has(row) || kept.has(r)
        if (!whole && r % THINNED !== 0) continue
        copies[length] = whole ? 1 : THINNED
        logs[0]![length] = dense[r]!
        evidence.tables.forEach((table, t) => {
          logs[t + 1]![length] = Math.log(table.get(row) ?? 0)
        })
        const k = evidence.recency.get(row)
        recency[length] = k !== undefined && k < model.blend.repeat.length ? k : -1
        rare[length] = k !== undefined && catalog.bias[row] === -128 ? 1 : 0
        if (row === target) targets.push(length)
        length++
      }
      starts.push(length)
      buckets.push(bucketOf(steps.length))
    }
    if (i % 64 === 63) {
      await setImmediate()
      signal?.throwIfAborted()
    }
  }
  return { starts, targets, buckets, logs, recency, rare, copies }
}

/** Indices of the rows that matter most to the sum of relevances: the best by any part. */
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

function resized<T extends Float32Array | Int8Array | Uint8Array>(from: T, to: T): T {
  to.set(from)
  return to
}

/** Adds the gradient of the mean of -ln(relevance of the target / sum of all) and returns that mean. */
function addGradient(
  { starts, targets, buckets, logs, recency, rare, copies }: Candidates,
  theta: Float64Array,
  parts: number,
  repeats: number,
  gradient: Float64Array,
): number {
  const repeatAt = BUCKETS * 2 * parts
  const rareAt = repeatAt + repeats
  const count = targets.length
  const shares = Array.from({ length: parts }, () => new Float64Array(4096))
  const relevances = new Float64Array(4096)
  let loss = 0
  for (let q = 0; q < count; q++) {
    const base = buckets[q]! * 2 * parts
    const from = starts[q]!
    const n = Math.min(4096, starts[q + 1]! - from)
    const target = targets[q]! - from
    if (target >= n) continue
    relevances.fill(0, 0, n)
    for (let p = 0; p < parts; p++) {
      const weight = theta[base + 2 * p]!
      const exponent = Math.exp(theta[base + 2 * p + 1]!)
      const log = logs[p]!
      const share = shares[p]!
      for (let i = 0; i < n; i++) {
        const l = log[from + i]! + (p === 0 && rare[from + i] ? theta[rareAt]! : 0)
        const value = l === -Infinity ? 0 : Math.exp(weight + exponent * l)
        share[i] = value
        relevances[i]! += value
      }
    }
    let total = 0
    for (let i = 0; i < n; i++) {
      const k = recency[from + i]!
      const factor = copies[from + i]! * (k < 0 ? 1 : Math.exp(theta[repeatAt + k]!))
      relevances[i]! *= factor
      for (let p = 0; p < parts; p++) shares[p]![i]! *= factor
      total += relevances[i]!
    }
    loss -= Math.log(relevances[target]! / total)
    for (let i = 0; i < n; i++) {
      // d loss / d relevance, times what each parameter moves it by.
      const g = (1 / total - (i === target ? 1 / relevances[i]! : 0)) / count
      for (let p = 0; p < parts; p++) {
        const value = shares[p]![i]!
        if (value === 0) continue
        const exponent = Math.exp(theta[base + 2 * p + 1]!)
        const l = logs[p]![from + i]! + (p === 0 && rare[from + i] ? theta[rareAt]! : 0)
        gradient[base + 2 * p]! += g * value
        gradient[base + 2 * p + 1]! += g * value * exponent * l
        if (p === 0 && rare[from + i]) gradient[rareAt]! += g * value * exponent
      }
      const k = recency[from + i]!
      if (k >= 0) gradient[repeatAt + k]! += g * relevances[i]!
    }
  }
  return loss / count
}
