/** An evaluation for people to read. */
import type { Interval } from './bootstrap.js'
import type { Evaluation } from './evaluate.js'
import type { Accuracy } from './metrics.js'
import { PARTS } from './parts.js'

const NAMES: Record<string, string> = {
  popularity: 'popularity',
  neighbours: "the pack's neighbours",
  itemKnn: 'item-kNN',
  associationRules: 'association rules',
  sequentialRules: 'sequential rules',
  vsknn: 'VSKNN 500/5000',
}

export function asText(pack: string, e: Evaluation): string {
  const ks = Object.keys(e.recall)
  const k = ks[ks.length - 1]!
  const whole = e.parts.length === PARTS.length
  const head = [
    '',
    ...ks.map((k) => `recall@${k}`),
    ...ks.map((k) => `mrr@${k}`),
    ...ks.map((k) => `ndcg@${k}`),
  ]
  const line = (name: string, a: Accuracy) => [
    name,
    ...[a.recall, a.mrr, a.ndcg].flatMap((figures) => ks.map((k) => figures[k]!.toFixed(4))),
  ]
  const baselines = Object.entries(e.baselines)
  const out = [
    `${pack}: ${count(e.predictions)} predictions in ${count(e.sessions)} sessions${e.sampled ? ' (a sample)' : ''}`,
    '',
    ...aligned([
      head,
      line(whole ? 'nearside' : `nearside, ${e.parts.join()} only`, e),
      ...baselines.map(([name, a]) => line(NAMES[name] ?? name, a)),
    ]),
    '',
    `95 % by sessions: recall@${k} ${range(e.ci95[`recall${k}`]!)}, mrr@${k} ${range(e.ci95[`mrr${k}`]!)}`,
    ...baselines.map(
      ([name, { difference: d }]) =>
        `  above ${NAMES[name] ?? name}: recall@${k} ${range(d[`recall${k}`]!)}, mrr@${k} ${range(d[`mrr${k}`]!)}`,
    ),
    `targets that the pack does not know: ${(100 * e.unknownTargets).toFixed(1)} %`,
    `coverage@${k} ${e.coverage[k]!.toFixed(3)}, diversity ${e.diversity.toFixed(3)}, ` +
      `novelty ${e.novelty.toFixed(1)} bits, popularity bias ${e.popularityBias.toFixed(2)}`,
    `latency p50 ${e.latencyMs.p50.toFixed(2)} ms, p95 ${e.latencyMs.p95.toFixed(2)} ms`,
  ]
  if (e.pack) {
    const { items, wireBytes, wireBytesGzip, bytesPerItem, minSessions } = e.pack
    out.push(
      `pack: ${count(items)} items, k = ${minSessions}, ${count(wireBytes)} bytes brotli, ${count(wireBytesGzip)} gzip; ` +
        `${bytesPerItem} B/item of ids and vectors`,
    )
  }
  return out.join('\n')
}

function aligned(rows: string[][]): string[] {
  const widths = rows[0]!.map((_, c) => Math.max(...rows.map((row) => row[c]!.length)))
  return rows.map((row) =>
    row.map((cell, c) => (c === 0 ? cell.padEnd(widths[c]!) : cell.padStart(widths[c]!))).join('  '),
  )
}

function range([low, high]: Interval): string {
  return `[${low.toFixed(4)}, ${high.toFixed(4)}]`
}

function count(n: number): string {
  return n.toLocaleString('en')
}
