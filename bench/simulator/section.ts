/** The section of docs/experiments.md: what weighing purchases is worth, in made-up shops. */
import { count, table } from '../pages/table.js'

/** What was simulated, and the cells of both tables. */
export interface Simulated {
  shops: number
  events: number
  items: number
  /** Row by row: the measure, how often it was asked, and what each of the four ways reached. */
  ways: string[][]
  /** Row by row: the measure, b less a, in how many shops b is better, c less b, d less c. */
  differences: string[][]
}

export function section({ shops, events, items, ways, differences }: Simulated): string {
  return `_Simulated_: ${shops} made-up shops of ${count(items)} items and ${count(events)} events each (\`bench/simulator\`, seeds 1 to ${shops}), where
it is known what people would buy. The last 15 % of visits are asked about, and models are trained on the others with the default
settings. They differ only in what an event weighs:

- a: every step counts as a look;
- b: purchases and baskets count by their strengths, as in \`nearside train\`;
- c: model b, asked as the engine on the device asks it: a look of more than 30 seconds counts double, one of under 5 seconds a
  quarter;
- d: a model that was trained with these weights too.

${table(['simulated', 'asked', 'a', 'b', 'c', 'd'], ways)}

What is asked:

- _true worth_: the true probability that the person buys an item of a list of ten, once they look at it. It is the mean over the
  list, after each look;
- _not yet seen_: each purchase, asked for before the item was first looked at in the visit;
- _just before_: each purchase, asked for right before it.

Differences with 95 % bootstrap intervals, paired, over visits:

${table(['simulated', 'b less a', 'in shops', 'c less b', 'd less c'], differences)}

Written by \`npm --prefix bench run simulate\`.`
}
