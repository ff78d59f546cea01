/** The section of docs/ranking.md: what one dislike takes, and from what. */
import { count, decimals, table } from '../pages/table.js'
import type { Reached } from './experiment.js'

/** By data set. */
export type Disliked = Record<string, Reached>

const places = decimals(1)
const percent = (share: number) => `${(100 * share).toFixed(0)} %`

export function section(sets: Disliked): string {
  const rows = (['recommend', 'rank'] as const).flatMap((method) =>
    Object.entries(sets).map(([name, { visits, others, [method]: found }]) => {
      const [before, alone, unsaid, after] = found.like
      const [otherBefore, , , otherAfter] = found.other
      return [
        `\`${method}\`, ${name}`,
        count(visits),
        places(before),
        places(alone),
        places(unsaid),
        `**${places(after)}**`,
        `**${percent(1 - after / before)}**`,
        count(others),
        places(otherBefore),
        places(otherAfter),
        percent(found.lost),
      ]
    }),
  )
  return `Places among the first 24, before and after one dislike of an item that the visit has looked at:

${table(
  [
    'list',
    'visits',
    'its 20 nearest, before',
    'item left out',
    'no step either',
    'as it is',
    'lost',
    'visits with others',
    'other interests, before',
    'after',
    'visits where they lost',
  ],
  rows,
)}

Packs with k = 3, visits of the test logs. _Item left out_ is what nearside did before: the item is gone, and still counts as a look.
_No step either_: it does not count as a look, and nothing else. Other interests are the 20 nearest items of the visit's other items,
where both items are far from each other (not among the 60 nearest), without what is near the disliked item too. For \`rank\`, 200
candidates are the nearest of all items of the visit and popular items, by popularity.

Written by \`npm --prefix bench run dislikes\`.`
}
