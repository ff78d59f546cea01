/** The evaluation of baskets or next visits, as text for people. */

import type { Interval } from '../figures/bootstrap.js'
import type { BasketEvaluation, SetBaselineFigures } from '../sets/basket.js'
import type { NextVisitEvaluation } from '../sets/next-visit.js'
import type { SetFigures } from '../sets/sets.js'

const NAMES: Record<string, string> = {
  popularity: 'popularity',
  itemKnn: 'item-kNN',
  associationRules: 'association rules',
  personalFrequency: 'personal frequency, then popularity',
}

export function setTaskText(pack: string, e: BasketEvaluation | NextVisitEvaluation): string {
  const latency = `latency p50 ${e.latencyMs.p50.toFixed(2)} ms, p95 ${e.latencyMs.p95.toFixed(2)} ms`
  if (e.task === 'basket') {
    return [
      `${pack}: ${count(e.hidden)} hidden items of ${count(e.baskets)} baskets`,
      ...table(e, 'baskets'),
      `hidden items that the pack does not know: ${(100 * e.unknownTargets).toFixed(1)} %`,
      latency,
    ].join('\n')
  }
  return [
    `${pack}: ${count(e.visits)} visits of ${count(e.people)} people who came back; ${count(e.withoutHistory)} other visits left out`,
    ...table(e, 'visits'),
    '',
    `Items that are new to the person (${count(e.newItems.targets)} of ${count(e.targets)}), in ${count(e.newItems.visits)} visits:`,
    ...table(e.newItems, 'visits'),
    latency,
  ].join('\n')
}

function table(
  e: SetFigures & { baselines: Record<string, SetBaselineFigures>; ci95: Record<string, Interval> },
  sets: string,
): string[] {
  const ks = Object.keys(e.recall)
  const k = ks[ks.length - 1]!
  const measures = ['recall', 'pooledRecall', 'ndcg', 'mrr'] as const
  const titles = ['recall', 'of all', 'ndcg', 'mrr']
  const line = (figures: SetFigures) =>
    measures.flatMap((measure) => ks.map((k) => figures[measure][k]!.toFixed(4).padStart(10))).join(' ')
  const wide = 36
  const baselines = Object.entries(e.baselines)
  return [
    '',
    ' '.repeat(wide) + titles.flatMap((title) => ks.map((k) => `${title}@${k}`.padStart(10))).join(' '),
    'nearside'.padEnd(wide) + line(e),
    ...baselines.map(([name, figures]) => (NAMES[name] ?? name).padEnd(wide) + line(figures)),
    `recall, ndcg and mrr are means over ${sets}; "of all" is the recall over all their items together`,
    '',
    `95 %: recall@${k} ${range(e.ci95[`recall${k}`]!)}, of all ${range(e.ci95[`pooledRecall${k}`]!)}`,
    ...baselines.map(([name, { difference: d, parameters }]) => {
      const with_ = parameters
        ? ` (${Object.entries(parameters)
            .map(([n, v]) => `${n} ${v}`)
            .join(', ')})`
        : ''
      return `  above ${NAMES[name] ?? name}${with_}: recall@${k} ${range(d[`recall${k}`]!)}, of all ${range(d[`pooledRecall${k}`]!)}`
    }),
  ]
}

function range([low, high]: Interval): string {
  return `[${low.toFixed(4)}, ${high.toFixed(4)}]`
}

function count(n: number): string {
  return n.toLocaleString('en')
}
