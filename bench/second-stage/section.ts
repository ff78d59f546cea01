/** The section "The second stage" of docs/ranking.md. */

import type { Gain, Judged, StageReport } from '../../train/src/stage/second-stage.js'
import type { SimilarReport } from '../../train/src/stage/similar.js'
import { count, decimals, table } from '../pages/table.js'

export interface Measured {
  secondStage?: StageReport
  similar?: SimilarReport
  /** On the test set, where the pack keeps its second stage. */
  test?: Judged
}

const four = decimals(4)
const signed = (value: number) => `${value < 0 ? '' : '+'}${four(value)}`
const gain = ({ gain, ci95: [low, high] }: Gain) => `${signed(gain)} (${signed(low)} to ${signed(high)})`

export function section(known: Readonly<Record<string, Measured>>): string {
  const sets = Object.entries(known).sort()
  return `NDCG@10 on lists of held-out visits that have the next item, without the second stage and what it adds (95 %):

${table(
  ['data set', 'second stage', 'lists', 'without', 'adds', 'on the test set'],
  sets.map(([name, { secondStage, test }]) =>
    secondStage
      ? [
          name,
          secondStage.kept ? 'kept' : 'left out',
          count(secondStage.lists),
          four(secondStage.ndcg10),
          gain(secondStage.whole),
          test ? `${four(test.ndcg10)}, ${gain(test.whole)}` : '',
        ]
      : [name, 'too few visits', '', '', '', ''],
  ),
  2,
)}

What each feature adds to the others. Those in brackets are not evident and have no weight; what they would add is shown.

${table(
  ['data set', 'feature', 'weight', 'adds'],
  sets.flatMap(([name, { secondStage }]) =>
    Object.entries(secondStage?.features ?? {}).map(([feature, one]) => [
      name,
      one.weight === 0 ? `(${feature})` : feature,
      one.weight === 0 ? '' : one.weight.toFixed(2),
      gain(one),
    ]),
  ),
  2,
)}

The same category in \`similar\`: MRR@20 of the item that is looked at next.

${table(
  ['data set', 'category', 'pairs', 'adds'],
  sets.flatMap(([name, { similar }]) =>
    similar
      ? [
          [
            name,
            similar.kept ? `counts ${similar.factor} times` : 'left out',
            count(similar.pairs),
            gain(similar),
          ],
        ]
      : [],
  ),
  2,
)}

Written by \`npm --prefix bench run second-stage -- FOLDER --purpose WORDS\`.`
}
