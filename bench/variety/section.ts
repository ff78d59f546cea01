/** The section of docs/ranking.md: the frontier of accuracy and variety. */
import { count, decimals, table } from '../pages/table.js'
import type { Frontier, Point } from './experiment.js'
import type { Figures } from './figures.js'

export interface Varied {
  validation: Record<string, Frontier>
  test: Record<string, Frontier>
}

const share = decimals(3)
const percent = (value: number, before: number) => {
  const change = 100 * (value / before - 1)
  return `${change < 0 ? '' : '+'}${change.toFixed(1)} %`
}

const DEFAULT = 'MMR (the default)'
const MEASURES = ['coverage', 'distance', 'elsewhere'] as const

export function section({ validation, test }: Varied): string {
  const parts = [
    ...Object.entries(test).map(([name, one]) => tables(name, one)),
    ...(Object.keys(validation).length > 0 ? [chosen(validation)] : []),
  ]
  return `${parts.join('\n\n')}

Written by \`npm --prefix bench run variety -- FOLDER\` (\`--test\` for the test sets).`
}

function tables(name: string, { asked, usual, items, space, plain, ways }: Frontier): string {
  const own = ways[DEFAULT]!.find(({ strength }) => strength === usual)!
  const cells = (figures: Figures) => [
    percent(figures.ndcg, plain.ndcg),
    ...MEASURES.map((measure) => percent(figures[measure], plain[measure])),
  ]
  const rows = [
    ['no variety', share(plain.ndcg), ...MEASURES.map((measure) => share(plain[measure]))],
    [`MMR, strength ${usual}`, ...cells(own)],
    ...Object.entries(ways)
      .filter(([way]) => way !== DEFAULT)
      .map(([way, points]) => {
        const found = at(plain, points, own.ndcg)
        return [way, ...(found ? cells(found) : ['never so exact', '', '', ''])]
      }),
  ]
  return `${name}, test set (${count(asked)} lists of ${count(items)} items). The other ways are read off their frontiers where they lose as much
NDCG@10 as the default; _elsewhere_ is the distance by ${space}:

${table(['', 'NDCG@10', 'coverage@10', 'distance', 'elsewhere'], rows)}`
}

/** Where a frontier has this NDCG, between its points; undefined where it ends above. */
function at(plain: Figures, points: readonly Point[], ndcg: number): Figures | undefined {
  const all: Figures[] = [plain, ...points]
  for (let i = all.length - 2; i >= 0; i--) {
    const [a, b] = [all[i]!, all[i + 1]!]
    if (a.ndcg < ndcg || b.ndcg > ndcg) continue
    const part = a.ndcg === b.ndcg ? 0 : (a.ndcg - ndcg) / (a.ndcg - b.ndcg)
    const between = (measure: keyof Figures) => a[measure] + part * (b[measure] - a[measure])
    return {
      ndcg,
      coverage: between('coverage'),
      distance: between('distance'),
      elsewhere: between('elsewhere'),
    }
  }
  return undefined
}

function chosen(validation: Readonly<Record<string, Frontier>>): string {
  const sets = Object.entries(validation)
  const strengths = [
    ...new Set(sets.flatMap(([, { ways }]) => ways[DEFAULT]!.map(({ strength }) => strength))),
  ].sort((a, b) => a - b)
  const rows = strengths.map((strength) => [
    String(strength),
    ...sets.map(([, { usual, plain, ways }]) => {
      const point = ways[DEFAULT]!.find((one) => one.strength === strength)
      if (!point) return ''
      return [percent(point.ndcg, plain.ndcg), ...MEASURES.map((m) => percent(point[m], plain[m]))]
        .join(', ')
        .concat(strength === usual ? ' (found)' : '')
    }),
  ])
  return `The strengths were found as training finds them, on the latest tenth of the training logs: the strongest that costs at most
1.5 % of NDCG@10. Changes of NDCG@10, coverage@10, distance and distance elsewhere there:

${table(['strength', ...sets.map(([name]) => name)], rows)}`
}
