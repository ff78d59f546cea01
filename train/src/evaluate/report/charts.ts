/** The charts of the report, as Vega-Lite specifications. */
import type { Interval } from '../figures/bootstrap.js'
import { verdict } from '../figures/compare.js'
import type { Latency } from '../figures/latency.js'
import type { Slice } from '../figures/slices.js'
import { svg } from './svg.js'

const OURS = 'var(--ours)'
const RIVAL = 'var(--rival)'
const OTHER = 'var(--other)'
const INK = 'var(--ink)'
const QUIET = 'var(--quiet)'

/** Height of a row. Its name stands above its mark, so that names take no width. */
const ROW = 38
const BELOW = 8
const ABOVE = -8

const nameLabel = {
  mark: { type: 'text', align: 'left', baseline: 'middle', yOffset: ABOVE, color: INK, fontSize: 12 },
  encoding: { x: { value: 0 }, text: { field: 'name' } },
}

function valueLabel(field: string, format: string): object {
  return {
    mark: { type: 'text', align: 'right', baseline: 'middle', yOffset: ABOVE, color: QUIET, fontSize: 12 },
    encoding: { x: { value: 'width' }, text: { field, format } },
  }
}

function rowsOf(values: readonly { name: string }[]): object {
  return {
    height: ROW * new Set(values.map(({ name }) => name)).size + 24,
    data: { values },
    encoding: { y: { field: 'name', type: 'nominal', sort: null, axis: null } },
  }
}

function scaleOf(field: string, format: string): object {
  return { field, type: 'quantitative', title: null, axis: { tickCount: 5, format, domain: false } }
}

/** One model's value of a figure. */
export interface Bar {
  name: string
  ours: boolean
  value: number
  interval: Interval
}

/** Bars with 95 % intervals, in the order given. */
export function barChart(figure: string, bars: readonly Bar[]): Promise<string> {
  const values = bars.map(({ name, ours, value, interval: [low, high] }) => ({
    name,
    ours,
    value,
    low,
    high,
  }))
  const color = { condition: { test: 'datum.ours', value: OURS }, value: OTHER }
  return svg(`${figure} of each model with its 95 % interval; the figures are in the table below.`, {
    ...rowsOf(values),
    layer: [
      {
        mark: { type: 'bar', height: 12, yOffset: BELOW },
        encoding: { x: scaleOf('value', '.2~f'), color },
      },
      {
        mark: { type: 'rule', color: INK, strokeWidth: 1.5, yOffset: BELOW, y2Offset: BELOW },
        encoding: { x: { field: 'low', type: 'quantitative' }, x2: { field: 'high' } },
      },
      nameLabel,
      valueLabel('value', '.4f'),
    ],
  })
}

export interface Difference {
  name: string
  value: number
  interval: Interval
}

/** Paired differences, with a line at 0. An interval that lies completely to the right of it is a win. */
export function differenceChart(figure: string, differences: readonly Difference[]): Promise<string> {
  const values = differences.map(({ name, value, interval }) => ({
    name,
    low: interval[0],
    high: interval[1],
    value,
    verdict: verdict(interval),
  }))
  const color = {
    condition: [
      { test: "datum.verdict == 'beats'", value: OURS },
      { test: "datum.verdict == 'loses to'", value: RIVAL },
    ],
    value: QUIET,
  }
  return svg(`${figure}, with 95 % intervals; the figures are in the table below.`, {
    ...rowsOf(values),
    layer: [
      { mark: { type: 'rule', color: QUIET, opacity: 0.6 }, encoding: { x: { datum: 0 }, y: null } },
      {
        mark: { type: 'rule', strokeWidth: 4, strokeCap: 'round', yOffset: BELOW, y2Offset: BELOW },
        encoding: { x: scaleOf('low', '+.2~f'), x2: { field: 'high' }, color },
      },
      {
        mark: { type: 'point', filled: true, size: 70, opacity: 1, yOffset: BELOW },
        encoding: { x: { field: 'value', type: 'quantitative' }, color },
      },
      nameLabel,
      valueLabel('value', '+.4f'),
    ],
  })
}

export interface Curve {
  name: string
  /** Recall at 1, 2, … items */
  values: readonly number[]
}

/** @param curves nearside first, then the best baselines */
export function curveChart(curves: readonly Curve[]): Promise<string> {
  const values = curves.flatMap((curve) =>
    curve.values.map((recall, i) => ({ name: curve.name, k: i + 1, recall })),
  )
  const names = curves.map(({ name }) => name)
  return svg('Recall by the length of the list, for the pack and the best baselines.', {
    height: 300 + 18 * names.length,
    data: { values },
    mark: { type: 'line', interpolate: 'linear' },
    encoding: {
      x: {
        field: 'k',
        type: 'quantitative',
        title: 'items in the list',
        axis: { tickMinStep: 1, grid: false },
      },
      y: { field: 'recall', type: 'quantitative', title: null, axis: { format: '.2~f', domain: false } },
      color: {
        field: 'name',
        type: 'nominal',
        scale: {
          domain: names,
          range: [OURS, RIVAL, 'var(--third)', 'var(--fourth)', OTHER].slice(0, names.length),
        },
        legend: { symbolType: 'stroke', symbolStrokeWidth: 3 },
      },
      strokeDash: {
        field: 'name',
        type: 'nominal',
        scale: {
          domain: names,
          range: [
            [1, 0],
            [6, 3],
            [2, 2],
            [8, 3, 2, 3],
            [1, 0],
          ].slice(0, names.length),
        },
      },
      strokeWidth: {
        condition: { test: `datum.name == ${JSON.stringify(names[0])}`, value: 3 },
        value: 1.75,
      },
    },
  })
}

/** The pack, the baseline that is best overall, and a tick for every other baseline. */
export function sliceChart(
  title: string,
  slices: readonly Slice[],
  k: string,
  rival: string,
): Promise<string> {
  const values = slices.flatMap(({ name, recall, predictions, baselines }) => [
    ...Object.entries(baselines).map(([baseline, figures]) => ({
      name,
      kind: baseline === rival ? 'rival' : 'other',
      recall: figures.recall[k],
    })),
    { name, kind: 'ours', recall: recall[k], predictions },
  ])
  const of = (kind: string) => [{ filter: `datum.kind == '${kind}'` }]
  return svg(`Recall at ${k} by ${title}; the figures are in the table below.`, {
    ...rowsOf(values),
    layer: [
      {
        transform: of('other'),
        mark: { type: 'tick', color: OTHER, thickness: 2, height: 12, yOffset: BELOW },
        encoding: { x: scaleOf('recall', '.2~f') },
      },
      {
        transform: of('rival'),
        mark: {
          type: 'point',
          filled: true,
          shape: 'diamond',
          color: RIVAL,
          size: 90,
          opacity: 1,
          yOffset: BELOW,
        },
        encoding: { x: scaleOf('recall', '.2~f') },
      },
      {
        transform: of('ours'),
        mark: { type: 'point', filled: true, color: OURS, size: 110, opacity: 1, yOffset: BELOW },
        encoding: { x: scaleOf('recall', '.2~f') },
      },
      { transform: of('ours'), ...nameLabel },
      { transform: of('ours'), ...valueLabel('predictions', ',') },
    ],
  })
}

export function latencyChart({ histogram }: Latency): Promise<string> {
  const values = histogram.map((bin) => ({ name: binName(bin), count: bin.count }))
  return svg('Number of answers by the milliseconds they took.', {
    height: 220,
    data: { values },
    mark: { type: 'bar', color: OURS },
    encoding: {
      x: {
        field: 'name',
        type: 'nominal',
        sort: null,
        title: 'milliseconds',
        axis: { labelAngle: -40, ticks: false, labelFontSize: 11 },
        scale: { paddingInner: 0.08 },
      },
      y: {
        field: 'count',
        type: 'quantitative',
        title: null,
        axis: { format: '~s', tickCount: 4, domain: false },
      },
    },
  })
}

export function binName({ from, to }: Latency['histogram'][number]): string {
  return to === null ? `${from} or more` : from === 0 ? `under ${to}` : `${from}–${to}`
}

/** Bars of one kind. @param most end of the scale */
export function plainBars(
  description: string,
  bars: readonly (readonly [name: string, value: number])[],
  most: number,
): Promise<string> {
  return svg(description, {
    ...rowsOf(bars.map(([name, value]) => ({ name, value }))),
    layer: [
      {
        mark: { type: 'bar', color: OURS, height: 12, yOffset: BELOW },
        encoding: { x: { ...scaleOf('value', '.2~f'), scale: { domain: [0, most] } } },
      },
      nameLabel,
      valueLabel('value', '.3f'),
    ],
  })
}
