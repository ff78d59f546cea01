/** The section of docs/ranking.md: how implicit feedback is read, and what that is worth. */
import { type Interval, intervals } from '../../train/src/evaluate/figures/bootstrap.js'
import { count, decimals, share, table } from '../pages/table.js'
import type { Bandit } from './bandit.js'
import type { Weighed } from './carts.js'
import type { SimulatedBias } from './simulated.js'

/** What was measured; parts that were not are absent. */
export interface Feedback {
  simulated?: Summary
  carts?: Weighed
  bandit?: Bandit
}

/** Of all made-up shops. */
export interface Summary {
  shops: number
  events: number
  items: number
  shown: number
  clicks: number
  truth: number[]
  estimate: number[]
  clickRate: number[]
  attraction: { naive: number; corrected: number }
  worth: { naive: number; corrected: number; difference: number; interval: Interval; better: number }
}

export function summary(shops: readonly SimulatedBias[], events: number, items: number): Summary {
  const mean = (of: (shop: SimulatedBias) => number) =>
    shops.reduce((sum, shop) => sum + of(shop), 0) / shops.length
  const along = (of: (shop: SimulatedBias) => number[]) =>
    of(shops[0]!).map((_, p) => mean((shop) => of(shop)[p]!))
  const average = (list: readonly number[]) => list.reduce((sum, value) => sum + value, 0) / list.length
  const differences = shops.map(({ worth }) => worth.corrected.map((value, v) => value - worth.naive[v]!))
  const all = Float64Array.from(differences.flat())
  return {
    shops: shops.length,
    events,
    items,
    shown: Math.round(mean(({ shown }) => shown)),
    clicks: Math.round(mean(({ clicks }) => clicks)),
    truth: along(({ truth }) => truth),
    estimate: along(({ estimate }) => estimate),
    clickRate: along(({ clickRate }) => clickRate),
    attraction: {
      naive: mean(({ attraction }) => attraction.naive),
      corrected: mean(({ attraction }) => attraction.corrected),
    },
    worth: {
      naive: average(shops.flatMap(({ worth }) => worth.naive)),
      corrected: average(shops.flatMap(({ worth }) => worth.corrected)),
      difference: average([...all]),
      interval: intervals([all], Uint32Array.from(all.keys()), 1)[0]!,
      better: differences.filter((list) => average(list) > 0).length,
    },
  }
}

const two = decimals(2)
const signed = (value: number) => `${value < 0 ? '−' : '+'}${share(Math.abs(value))}`
const between = ([low, high]: Interval) => `(${signed(low)} to ${signed(high)})`

export function section(measured: Feedback): string {
  const { simulated, carts, bandit } = measured
  const parts = [
    simulated && simulatedPart(simulated),
    carts && cartsPart(carts),
    bandit && banditPart(bandit),
  ]
  return [...parts.filter(Boolean), 'Written by `npm --prefix bench run feedback`.'].join('\n\n')
}

function simulatedPart(s: Summary): string {
  const head = ['simulated, position', ...s.truth.map((_, p) => `${p + 1}`)]
  const row = (name: string, values: readonly number[]) => [name, ...values.map(two)]
  return `**Position bias,** _simulated_: ${s.shops} made-up shops of ${count(s.items)} items and ${count(s.events)} events each, with ${count(s.shown)}
impressions and ${count(s.clicks)} clicks in lists (\`bench/simulator\`). People look at position p with the probability p^-.6. The
server's lists have the popular items on top. How many look at each position, relative to the first:

${table(head, [row('truth', s.truth), row('estimated', s.estimate), row('clicks alone', s.clickRate)])}

Then two models are trained on the first 85 % of visits. In one all clicks count alike (naive), in the other they are weighted by the
estimate (corrected). Ten items that the visit has not seen are listed after each of the other visits. How much an item of them
attracts the person once they look at it is known:

${table(
  ['simulated', 'naive', 'corrected', 'difference', 'in shops'],
  [
    [
      'true probability of a click once looked at',
      share(s.worth.naive),
      share(s.worth.corrected),
      `${signed(s.worth.difference)} ${between(s.worth.interval)}`,
      `${s.worth.better} of ${s.shops}`,
    ],
    [
      "rank correlation of items' clicks with their true lure",
      share(s.attraction.naive),
      share(s.attraction.corrected),
      signed(s.attraction.corrected - s.attraction.naive),
      '',
    ],
  ],
)}

The second line needs no model: clicks per impression, against clicks per impression that was looked at by the estimate.`
}

function cartsPart(carts: Weighed): string {
  const rows = Object.entries(carts).map(([question, { asked, mrr, recall, strengths, served }]) => [
    question,
    count(asked),
    `${share(recall.looks)} / ${share(mrr.looks)}`,
    `${share(recall.strengths)} / ${share(mrr.strengths)}`,
    `${signed(strengths[0])} ${between(strengths[1])}`,
    `${share(recall.served)} / ${share(mrr.served)}`,
    `${signed(served[0])} ${between(served[1])}`,
  ])
  return `**Strengths,** on a week of RetailRocket's log (CC BY-NC-SA 4.0), a real shop with event types and real times; k = 3, three
seeds. Asked for are the carts and purchases of the test log: right before the event, and before the visit's first look at the item.
Either all events count as looks, or by their strengths, or by their strengths with long looks and bounces as the engine reads
them (\`served\`, the same model as before it). Recall@20 / MRR@20, differences of MRR@20 with 95 % intervals over visits:

${table(['asked for', 'asked', 'looks', 'strengths', 'less looks', 'served', 'less strengths'], rows)}`
}

function banditPart(bandit: Bandit): string {
  const cell = ([value, low, high]: [number, number, number]) => `${two(value)} (${two(low)} to ${two(high)})`
  const rows = Object.entries(bandit).map(([name, { clicks, clickRate, estimate, because }]) => [
    name,
    clicks,
    ...[1, 2].map((p) => cell(clickRate[p]!)),
    ...[1, 2].map((p) => cell(estimate[p]!)),
    because,
  ])
  return `**Real positions,** the small version of the Open Bandit Dataset (Saito et al. 2020), whose three positions stand side by
side. In the random policy's log every item stood everywhere, so its click rates are the truth, as far as so few clicks tell it. Relative
to the first position, with 95 % bootstrap intervals:

${table(['log', 'clicks', 'click rate, 2nd', '3rd', 'estimated, 2nd', '3rd', 'what the trainer says'], rows)}`
}
