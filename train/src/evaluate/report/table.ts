/** An evaluation as text for people. */

import type { Evaluation } from '../evaluate.js'
import type { Interval } from '../figures/bootstrap.js'
import { type BaselineFigures, verdict } from '../figures/compare.js'
import type { Accuracy } from '../figures/metrics.js'
import { nameOf, privacyNote, SLICES } from '../figures/names.js'
import type { Slice } from '../figures/slices.js'
import { PARTS } from '../questions/parts.js'

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
    `${pack}: ${count(e.predictions)} predictions in ${count(e.sessions)} sessions${e.sampled ? ' (a random sample)' : ''}${returning(e)}`,
    '',
    ...aligned([
      head,
      line(whole ? 'nearside' : `nearside, ${e.parts.join()} only`, e),
      ...baselines.map(([name, a]) => line(nameOf(name, a), a)),
    ]),
    '',
    `95 % intervals: recall@${k} ${range(e.ci95[`recall${k}`]!)}, mrr@${k} ${range(e.ci95[`mrr${k}`]!)}`,
    '',
    ...aligned([
      ['nearside minus the baseline, 95 %', `recall@${k}`, '', `mrr@${k}`, ''],
      ...baselines.map(([name, figures]) => against(name, figures, k)),
    ]),
    ...privacyNote(e),
    '',
    ...slicesTable(e, k),
    '',
    `targets that the pack does not know: ${(100 * e.unknownTargets).toFixed(1)} %`,
    `coverage@${k} ${e.coverage[k]!.toFixed(3)}, diversity ${e.diversity.toFixed(3)}, ` +
      `novelty ${e.novelty.toFixed(1)} bits, popularity bias ${e.popularityBias.toFixed(2)}, ` +
      `serendipity ${e.serendipity.toFixed(3)}, filter bubble ${e.filterBubble.toFixed(2)}`,
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

function returning({ returning }: Evaluation): string {
  return returning === undefined ? '' : `, ${count(returning)} of them of people with earlier visits`
}

/** What the paired intervals say about nearside and one baseline, for each measure. */
function against(name: string, figures: BaselineFigures, k: string): string[] {
  const cells = [`recall${k}`, `mrr${k}`].flatMap((measure) => {
    const difference = figures.difference[measure]!
    return [range(difference, signed), `${verdict(difference)} it`]
  })
  return [nameOf(name, figures), ...cells]
}

/** Recall of nearside, and of the baseline that is best overall. */
function slicesTable(e: Evaluation, k: string): string[] {
  const rivals = Object.entries(e.baselines).sort((a, b) => b[1].recall[k]! - a[1].recall[k]!)
  const [rival, figures] = rivals[0]!
  const line = ({ name, predictions, recall, baselines }: Slice) => [
    `  ${name}`,
    count(predictions),
    recall[k]!.toFixed(4),
    baselines[rival]!.recall[k]!.toFixed(4),
  ]
  return aligned([
    [`recall@${k} by slice`, 'predictions', 'nearside', nameOf(rival, figures)],
    ...Object.entries(SLICES).flatMap(([kind, title]) => [
      [title, '', '', ''],
      ...e.slices[kind as keyof typeof SLICES].map(line),
    ]),
  ])
}

function aligned(rows: string[][]): string[] {
  const widths = rows[0]!.map((_, c) => Math.max(...rows.map((row) => row[c]!.length)))
  return rows.map((row) =>
    row
      .map((cell, c) => (c === 0 ? cell.padEnd(widths[c]!) : cell.padStart(widths[c]!)))
      .join('  ')
      .trimEnd(),
  )
}

function range([low, high]: Interval, text = (value: number) => value.toFixed(4)): string {
  return `[${text(low)}, ${text(high)}]`
}

function signed(value: number): string {
  return `${value < 0 ? '' : '+'}${value.toFixed(4)}`
}

function count(n: number): string {
  return n.toLocaleString('en')
}
