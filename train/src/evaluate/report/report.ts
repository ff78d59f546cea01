/**
 * An evaluation as one HTML file that can be shown to others. It has no script and loads nothing; each chart has its
 * figures as a table.
 */
import { basename } from 'node:path'
import type { Evaluation } from '../evaluate.js'
import type { Interval } from '../figures/bootstrap.js'
import { type BaselineFigures, verdict } from '../figures/compare.js'
import { nameOf, privacyNote, SLICES } from '../figures/names.js'
import type { Slices } from '../figures/slices.js'
import { PARTS } from '../questions/parts.js'
import {
  barChart,
  binName,
  curveChart,
  differenceChart,
  latencyChart,
  plainBars,
  sliceChart,
} from './charts.js'
import { escaped, figure, list, type Row, table } from './html.js'
import { STYLE } from './style.js'

export interface Circumstances {
  pack: string
  /** Paths or globs, as given. */
  events: readonly string[]
  train?: readonly string[] | undefined
  /** First and last event of the log, if its times are dates. */
  range: readonly [Date, Date] | undefined
  command: string
  at: Date
  /** A problem with the log that makes the figures unreliable. */
  warning?: string | undefined
}

interface Contender {
  name: string
  ours: boolean
  figures: Pick<BaselineFigures, 'recall' | 'mrr' | 'ndcg' | 'ci95' | 'recallCurve'>
}

/**
 * Number of baselines in the chart of differences, those with the smallest first. Next to the difference to
 * popularity, the differences that matter would be too small to see.
 */
const NEAREST = 5

const and = new Intl.ListFormat('en')

const MEASURES = [
  ['recall', 'Recall'],
  ['mrr', 'MRR'],
] as const

export async function reportOf(e: Evaluation, circumstances: Circumstances): Promise<string> {
  const ks = Object.keys(e.recall)
  const k = ks[ks.length - 1]!
  const rivals = Object.entries(e.baselines).sort((a, b) => b[1].recall[k]! - a[1].recall[k]!)
  const contenders: Contender[] = [
    { name: ourName(e), ours: true, figures: e },
    ...rivals.map(([name, figures]) => ({ name: nameOf(name, figures), ours: false, figures })),
  ]
  const title = `The pack ${basename(circumstances.pack)}, measured`
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
<main>
<h1>${escaped(title)}</h1>
<p class="quiet">Next-item prediction over the whole catalogue: ${count(e.predictions)} predictions in ${count(e.sessions)} sessions${e.sampled ? ', a random sample' : ''}.</p>
${
  circumstances.warning === undefined
    ? ''
    : `<p class="lead"><strong>${escaped(circumstances.warning)}</strong></p>
`
}<p class="lead">${escaped(summary(e, rivals, k))}</p>
${tiles(e, k)}
<h2>Comparison with the baselines</h2>
<p class="quiet">Bars are means over predictions; thin lines are their 95 % intervals, by bootstrap over sessions.${privacyNote(
    e,
  )
    .map((note) => ` ${note}`)
    .join('')}</p>
<div class="grid">${(await bars(contenders, ks)).join('')}</div>
<h2>Is the difference real?</h2>
<p class="quiet">The pack’s figure minus the baseline’s on the same sessions, with 95 % intervals. If the interval lies right of 0, the pack beats the baseline; left of 0, it loses. An interval that contains 0 is called a tie: this log does not show which of the two is better. The charts show the closest baselines; the tables show all of them.</p>
<div class="grid">${(await differences(e, rivals, k)).join('')}</div>
<h2>Where the pack is good, and where it is not</h2>
${key(e, rivals[0]!)}
<div class="grid">${(await slices(e, contenders, rivals, k)).join('')}</div>
<h2>The lists, and how fast they are</h2>
<div class="grid">${await curves(contenders)}${await latency(e)}${await lists(e, ks, k)}${await popularity(e)}</div>
<h2>What was measured</h2>
${facts(e, circumstances, contenders.length > 3)}
</main>
</html>
`
}

function ourName({ parts }: Evaluation): string {
  return parts.length === PARTS.length ? 'nearside' : `nearside, ${parts.join()} only`
}

function summary(e: Evaluation, rivals: [string, BaselineFigures][], k: string): string {
  const said = MEASURES.map(([measure, name]) => {
    const by = { beats: [] as string[], 'ties with': [] as string[], 'loses to': [] as string[] }
    for (const [baseline, figures] of rivals) {
      by[verdict(figures.difference[measure + k]!)].push(nameOf(baseline, figures))
    }
    const rest = (['ties with', 'loses to'] as const)
      .filter((verdict) => by[verdict].length > 0)
      .map((verdict) => `, ${verdict} ${and.format(by[verdict])}`)
    return `In ${name}@${k} it beats ${by.beats.length} of ${rivals.length} baselines${rest.join('')}.`
  })
  return `${ourName(e)} has the next item among its first ${k} in ${percent(e.recall[k]!)} of predictions. ${said.join(' ')}`
}

function tiles(e: Evaluation, k: string): string {
  const big = (value: string, small: string) => `${escaped(value)}<small>${escaped(small)}</small>`
  const { pack } = e
  return list('tiles', [
    [`Recall@${k}`, big(e.recall[k]!.toFixed(4), `95 %: ${range(e.ci95[`recall${k}`]!)}`)],
    [`MRR@${k}`, big(e.mrr[k]!.toFixed(4), `95 %: ${range(e.ci95[`mrr${k}`]!)}`)],
    [`NDCG@${k}`, big(e.ndcg[k]!.toFixed(4), 'one right answer per prediction')],
    ['Answered in', big(`${e.latencyMs.p95.toFixed(1)} ms`, `p95; p50 ${e.latencyMs.p50.toFixed(2)} ms`)],
    ...(pack
      ? ([
          [
            'Download size',
            big(
              `${(pack.wireBytes / 1e6).toFixed(2)} MB`,
              `brotli; gzip ${(pack.wireBytesGzip / 1e6).toFixed(2)} MB`,
            ),
          ],
          [
            'Privacy',
            big(
              `k = ${pack.minSessions}`,
              'every pair, vector and count comes from at least this many sessions',
            ),
          ],
        ] as const)
      : []),
  ])
}

function bars(contenders: readonly Contender[], ks: readonly string[]): Promise<string[]> {
  return Promise.all(
    MEASURES.flatMap(([measure, name]) =>
      ks.map(async (k) => {
        const title = `${name}@${k}`
        const rows = contenders
          .map(({ name, ours, figures }) => ({
            name,
            ours,
            value: figures[measure][k]!,
            interval: figures.ci95[measure + k]!,
          }))
          .sort((a, b) => b.value - a.value)
        const behind = table(
          title,
          ['model', title, '95 % from', 'to'],
          rows.map(({ name, ours, value, interval }) => ({
            name,
            ours,
            cells: [value, ...interval].map((x) => x.toFixed(4)),
          })),
        )
        return figure(title, await barChart(title, rows), behind)
      }),
    ),
  )
}

function differences(e: Evaluation, rivals: [string, BaselineFigures][], k: string): Promise<string[]> {
  return Promise.all(
    MEASURES.map(async ([measure, name]) => {
      const title = `${name}@${k}, the pack minus the baseline`
      const rows = rivals
        .map(([baseline, figures]) => ({
          name: nameOf(baseline, figures),
          value: e[measure][k]! - figures[measure][k]!,
          interval: figures.difference[measure + k]!,
        }))
        .sort((a, b) => a.value - b.value)
      const behind = table(
        title,
        ['baseline', 'difference', '95 % from', 'to', 'the pack'],
        rows.map(({ name, value, interval }) => ({
          name,
          cells: [...[value, ...interval].map(signed), `${verdict(interval)} it`],
        })),
      )
      return figure(title, await differenceChart(title, rows.slice(0, NEAREST)), behind)
    }),
  )
}

async function curves(contenders: readonly Contender[]): Promise<string> {
  const shown = contenders.slice(0, 4).map(({ name, figures }) => ({ name, values: figures.recallCurve }))
  const behind = table(
    'Recall by length of the list',
    ['items', ...contenders.map(({ name }) => name)],
    contenders[0]!.figures.recallCurve.map((_, i) => ({
      name: String(i + 1),
      cells: contenders.map(({ figures }) => figures.recallCurve[i]!.toFixed(4)),
    })),
  )
  return figure(
    'Recall by length of the list: nearside and the best baselines',
    await curveChart(shown),
    behind,
  )
}

function key(e: Evaluation, [rival, figures]: [string, BaselineFigures]): string {
  return (
    `<ul class="key"><li><i></i>${escaped(ourName(e))}</li><li class="rival"><i></i>${escaped(nameOf(rival, figures))}, ` +
    'the best baseline overall</li><li class="other"><i></i>the other baselines</li><li>number on the right: predictions</li></ul>'
  )
}

function slices(
  e: Evaluation,
  contenders: readonly Contender[],
  rivals: [string, BaselineFigures][],
  k: string,
): Promise<string[]> {
  return Promise.all(
    (Object.keys(SLICES) as (keyof Slices)[]).map(async (kind) => {
      const title = `Recall@${k} by ${SLICES[kind]}`
      const all = e.slices[kind]
      const rows = contenders.map(({ name, ours }, c): Row => {
        const cells = all.map((slice) =>
          (ours ? slice : slice.baselines[rivals[c - 1]![0]]!).recall[k]!.toFixed(4),
        )
        return { name, ours, cells }
      })
      const sizes = { name: 'predictions', cells: all.map(({ predictions }) => count(predictions)) }
      const behind = table(title, ['', ...all.map(({ name }) => name)], [sizes, ...rows])
      return figure(title, await sliceChart(SLICES[kind], all, k, rivals[0]![0]), behind)
    }),
  )
}

async function lists(e: Evaluation, ks: readonly string[], k: string): Promise<string> {
  const title = 'Variety of the lists'
  const shares: [string, number][] = [
    ...ks.map((k): [string, number] => [`coverage@${k}`, e.coverage[k]!]),
    ['diversity', e.diversity],
  ]
  const rows = shares.map(([name, share]) => ({ name, cells: [share.toFixed(4)] }))
  const words =
    '<p class="quiet">Coverage: share of the catalogue that is in at least one list. Diversity: how different the items of a ' +
    'list are; 0 means that all are alike.</p>'
  const chart = await plainBars(`Coverage and diversity of lists of up to ${k}.`, shares, 1)
  return figure(title, chart + words, table(title, ['quality', 'value'], rows))
}

async function popularity({ popularityBias, novelty }: Evaluation): Promise<string> {
  const title = 'Popularity of recommended items'
  const bars: [string, number][] = [
    ['items that came next', 1],
    ['items in the lists', popularityBias],
  ]
  const rows = [
    { name: 'popularity bias', cells: [popularityBias.toFixed(4)] },
    { name: 'novelty, bits', cells: [novelty.toFixed(4)] },
  ]
  const words =
    '<p class="quiet">Mean popularity, relative to that of the items that came next (1). Above 1, lists favour popular items. Novelty: an item ' +
    `in a list has ${novelty.toFixed(1)} bits on average: −log₂ of its share of all popularity.</p>`
  const chart = await plainBars(
    'Mean popularity of the items in the lists.',
    bars,
    Math.max(1.5, popularityBias),
  )
  return figure(title, chart + words, table(title, ['quality', 'value'], rows))
}

async function latency({ latencyMs }: Evaluation): Promise<string> {
  const behind = table(
    'Answers by how long they took',
    ['milliseconds', 'answers'],
    latencyMs.histogram.map((bin) => ({ name: binName(bin), cells: [count(bin.count)] })),
  )
  const words = `<p class="quiet">Time to read the session and retrieve from the whole catalogue, in Node, one answer at a time: p50 ${latencyMs.p50.toFixed(2)} ms, p95 ${latencyMs.p95.toFixed(2)} ms.</p>`
  return figure('How long answers took', (await latencyChart(latencyMs)) + words, behind)
}

function facts(
  e: Evaluation,
  { pack, events, train, range, command, at }: Circumstances,
  logged: boolean,
): string {
  const chosen = Object.entries(e.baselines).flatMap(([name, { settings }]) =>
    settings
      ? [
          `${nameOf(name, {})}: ${Object.entries(settings)
            .map(
              ([key, value]) =>
                `${key} ${Array.isArray(value) ? value.map((x) => x.toFixed(2)).join(' ') : value}`,
            )
            .join(', ')}`,
        ]
      : [],
  )
  const day = (date: Date) => date.toISOString().slice(0, 10)
  const pairs: [string, string][] = [
    ['Pack', `<code>${escaped(pack)}</code>`],
    ...(e.pack
      ? ([
          [
            '',
            escaped(
              `${count(e.pack.items)} items, k = ${e.pack.minSessions}, ${count(e.pack.wireBytes)} bytes at brotli-11`,
            ),
          ],
        ] as [string, string][])
      : []),
    ['Log', `<code>${escaped(events.join(' '))}</code>`],
    ['Dates', range ? escaped(`${day(range[0])} to ${day(range[1])}`) : 'the log has an order but no dates'],
    ...(train ? ([['Training log', `<code>${escaped(train.join(' '))}</code>`]] as [string, string][]) : []),
    [
      'Protocol',
      'Each event after the first of its session is predicted from the events before it. Candidates are all items of ' +
        'the pack, also those already seen. The place is the number of items with at least the target’s score, so ties ' +
        'count against the model. A target without a score is a miss. The engine is the one that browsers run.',
    ],
    ['Unknown', `${percent(e.unknownTargets)} of targets are not in the pack and count as misses`],
    ...(logged
      ? ([
          [
            'Baselines',
            `Their settings were chosen on the latest part of the training log. ${escaped(chosen.join('; '))}`,
          ],
        ] as [string, string][])
      : []),
    ['Command', `<code>${escaped(command)}</code>`],
    ['Made', escaped(`${at.toISOString().slice(0, 16).replace('T', ' ')} UTC, Node ${process.version}`)],
  ]
  return list('facts', pairs)
}

function count(n: number): string {
  return n.toLocaleString('en')
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}

function range([low, high]: Interval): string {
  return `${low.toFixed(4)} to ${high.toFixed(4)}`
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`
}
