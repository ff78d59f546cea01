/** The report as a reader opens it: complete, without other files, and safe. */
import { expect, test } from 'vitest'
import type { Evaluation } from '../evaluate.js'
import { compare } from '../figures/compare.js'
import { latencyOf } from '../figures/latency.js'
import { fullAccuracy } from '../figures/metrics.js'
import { cutQuestions, slicesOf } from '../figures/slices.js'
import { reportOf } from './report.js'

const KS = [5, 10]
const sessionOf = Uint32Array.from({ length: 400 }, (_, i) => Math.floor(i / 2))
const ranks = Uint32Array.from(sessionOf, (_, i) => i % 12)
const others = new Map([
  ['popularity', Uint32Array.from(sessionOf, (_, i) => (i % 9 === 0 ? 4 : 0))],
  ['vsknn', ranks],
])
const items = Uint32Array.from({ length: 600 }, (_, i) => i % 20)
const questions = {
  offsets: Uint32Array.from({ length: 201 }, (_, i) => 3 * i),
  rows: Int32Array.from(items),
  items,
  weights: new Float32Array(600),
  sessionOf,
}
const evaluation: Evaluation = {
  predictions: 400,
  sessions: 200,
  sampled: false,
  parts: ['session', 'neighbours'],
  unknownTargets: 0,
  ...fullAccuracy(ranks, KS),
  coverage: { 5: 0.5, 10: 0.75 },
  diversity: 0.6,
  novelty: 12.34,
  popularityBias: 1.7,
  serendipity: 0.1,
  filterBubble: 1.1,
  ...compare(ranks, others, KS, sessionOf, 1),
  slices: slicesOf(
    cutQuestions(questions, new Float64Array(20).fill(3), [5, 2], () => false, 'never seen'),
    ranks,
    others,
    KS,
  ),
  latencyMs: latencyOf(Float64Array.of(0.3, 0.7, 80)),
}
evaluation.baselines.vsknn!.settings = { neighbours: 500, sample: 5000 }

const html = await reportOf(evaluation, {
  pack: 'packs/<script>alert(1)</script>',
  events: ['logs/a & b.csv'],
  range: [new Date('2020-06-28T01:00:00Z'), new Date('2020-06-30T02:00:00Z')],
  command: 'nearside evaluate --pack "x"',
  at: new Date('2020-07-01T10:00:00Z'),
})

test('needs no network and runs no scripts', () => {
  expect(html.match(/<script|<link|<img|@import|url\(/gi)).toBeNull()
  const addresses = html.match(/https?:\/\/[^\s"'<]*/g)
  expect(new Set(addresses)).toEqual(new Set(['http://www.w3.org/2000/svg', 'http://www.w3.org/1999/xlink']))
  expect(html.includes("default-src 'none'")).toBe(true)
})

test('has a table of figures for each chart, and a description for people who cannot see it', () => {
  const charts = html.match(/<figure[\s\S]*?<\/figure>/g)!
  expect(charts).toHaveLength(4 + 2 + 4 + 4)
  for (const chart of charts) {
    expect(/<svg role="img" aria-label="[^"]{20,}"/.test(chart)).toBe(true)
    expect(/<details><summary>[\s\S]*<table><caption>/.test(chart)).toBe(true)
    expect(chart.includes('NaN')).toBe(false)
  }
  for (const figure of [evaluation.recall['10']!, evaluation.baselines.popularity!.mrr['5']!]) {
    expect(html.includes(`<td>${figure.toFixed(4)}</td>`)).toBe(true)
  }
})

test('says which models win, and what was measured', () => {
  expect(html.includes('In Recall@10 it beats 1 of 2 baselines, ties with VSKNN 500/5000.')).toBe(true)
  expect(html.includes('2020-06-28 to 2020-06-30')).toBe(true)
  expect(html.includes('logs/a &#38; b.csv')).toBe(true)
  expect(html.includes('nearside evaluate --pack &#34;x&#34;')).toBe(true)
})
