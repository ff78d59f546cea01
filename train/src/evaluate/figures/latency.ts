/** How long answers took: quantiles, and a histogram on a logarithmic scale. */
import { quantile } from './metrics.js'

export interface Latency {
  p50: number
  p95: number
  /** Number of answers from `from` (included) to `to` (not included) milliseconds; the last bin has no end. */
  histogram: { from: number; to: number | null; count: number }[]
}

const EDGES = [0, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50]

export function latencyOf(milliseconds: Float64Array): Latency {
  const histogram = EDGES.map((from, i) => ({ from, to: EDGES[i + 1] ?? null, count: 0 }))
  for (const ms of milliseconds) histogram[EDGES.findLastIndex((from) => ms >= from)]!.count++
  return { p50: quantile(milliseconds, 0.5), p95: quantile(milliseconds, 0.95), histogram }
}
