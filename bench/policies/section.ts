/** The section of docs/ranking.md: off-policy estimates beside what is known. */
import type { Estimate } from '../../train/src/evaluate/policy/estimate.js'
import type { PolicyEvaluation } from '../../train/src/evaluate/policy/policy.js'
import { count, table } from '../pages/table.js'

export type Policies = (PolicyEvaluation & { campaign: string; from: string; to: string })[]

export function section(found: Policies): string {
  const percent = ({ value, ci95 }: Estimate) =>
    `${(100 * value).toFixed(2)} [${ci95.map((end) => (100 * end).toFixed(2)).join(', ')}]`
  const rows = found.map((one) => [
    one.campaign,
    `${one.from} → ${one.to}`,
    percent(one.ips),
    percent(one.snips),
    percent(one.dr),
    one.onTarget ? percent(one.onTarget) : '',
    count(Math.round(one.effectiveSampleSize)),
    one.clipping.impressions,
  ])
  return `Clicks for 100 impressions, from ${count(found[0]?.impressions ?? 0)} impressions of each policy and campaign in the small Open Bandit data
(Saito, Aihara, Matsutani and Narita 2020), with 95 % bootstrap intervals. \`random\` shows each item equally often, \`bts\` is Thompson
sampling. The last columns are what the target's own log says, the effective sample size, and how many weights were clipped at 100:

${table(['campaign', 'log → target', 'IPS', 'SNIPS', 'doubly robust', 'own log', 'size', 'clipped'], rows, 2)}

There are 46 to 69 clicks in each log, so the intervals are wide. The click rate of the
target's own log is in every interval, so the estimates agree with it as far as these logs can tell.

Written by \`npm --prefix bench run policies -- FOLDER\`.`
}
