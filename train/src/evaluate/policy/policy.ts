/** `nearside evaluate --policy`: reads a log with propensities and a target policy, and estimates what the target would earn. */
import type { Renames } from '../../data/columns.js'
import { type Estimate, type Estimates, estimate, type Policy } from './estimate.js'
import { type Impression, readShown } from './shown.js'

/** Weights above this are rare accidents of the log, unless the target is very different from it. */
const CLIP = 100

export interface PolicyOptions {
  policy: readonly string[]
  /** Log of the target policy; absent: every item that was shown at a position is equally probable there. */
  target?: readonly string[] | undefined
  clip?: number | undefined
  renames?: Renames | undefined
}

export interface PolicyEvaluation extends Estimates {
  task: 'policy'
  target: string
  /** Of the target's own log: what the estimates should find. */
  onTarget?: Estimate
}

/** @throws naming the file that cannot be read, or that has no impressions with propensities */
export async function evaluatePolicy({
  policy,
  target,
  clip = CLIP,
  renames,
}: PolicyOptions): Promise<PolicyEvaluation> {
  const shown = await readShown(policy, renames)
  if (shown.length === 0)
    throw new Error(
      `${policy.join(', ')}: no impression with a propensity. Lists have them where exploration is on: ranking: { explore: { positions: 1 } }`,
    )
  const others = target && (await readShown(target, renames))
  const estimates = estimate(shown, others ? frequencies(others) : uniform(shown), clip)
  return {
    task: 'policy',
    target: target?.join(', ') ?? 'uniform',
    ...estimates,
    ...(others && { onTarget: estimate(others, frequencies(others), clip).logged }),
  }
}

/** Every item that was shown at a position, with the same probability. */
export function uniform(shown: readonly Impression[]): Policy {
  return policyOf(shown, () => 1)
}

/** The mean of a policy over its log: how often it has shown each item at each position. */
export function frequencies(shown: readonly Impression[]): Policy {
  return policyOf(shown, (before) => before + 1)
}

function policyOf(shown: readonly Impression[], next: (before: number) => number): Policy {
  const counts = new Map<string, Map<string, number>>()
  for (const { item, position } of shown) {
    const items = counts.get(position) ?? new Map<string, number>()
    counts.set(position, items.set(item, next(items.get(item) ?? 0)))
  }
  for (const items of counts.values()) {
    let total = 0
    for (const count of items.values()) total += count
    for (const [item, count] of items) items.set(item, count / total)
  }
  const none: ReadonlyMap<string, number> = new Map()
  return { items: (position) => counts.get(position) ?? none }
}

export function policyText(e: PolicyEvaluation): string {
  const count = (n: number) => Math.round(n).toLocaleString('en')
  const line = (name: string, { value, ci95: [low, high] }: Estimate) =>
    `  ${name.padEnd(22)} ${value.toFixed(5)}  [${low.toFixed(5)}, ${high.toFixed(5)}]`
  const { limit, impressions, weightShare } = e.clipping
  return [
    `${count(e.impressions)} impressions in ${count(e.lists)} lists, ${count(e.clicks)} clicks; target: ${e.target}`,
    '',
    'clicks for each impression, with 95 % bootstrap intervals',
    line('the logged policy', e.logged),
    line('target by IPS', e.ips),
    line('target by SNIPS', e.snips),
    line('target, doubly robust', e.dr),
    ...(e.onTarget ? [line("the target's own log", e.onTarget)] : []),
    '',
    `effective sample size ${count(e.effectiveSampleSize)}, mean weight ${e.meanWeight.toFixed(3)} (1 if the propensities are right), highest ${e.highestWeight.toFixed(1)}`,
    impressions > 0
      ? `clipped at ${limit}: ${count(impressions)} weights, ${(100 * weightShare).toFixed(1)} % of their sum. The estimates are too low by what these would add.`
      : `no weight is above ${limit}: nothing was clipped`,
    ...(e.unsupported > 0
      ? [
          `${(100 * e.unsupported).toFixed(1)} % of the target's impressions are of items that were never shown at their position: IPS counts them as 0.`,
        ]
      : []),
  ].join('\n')
}
