import { expect, it } from 'vitest'
import { completionHeadline, differenceHeadline, membershipHeadline } from './headline.js'
import type { Membership } from './membership.js'
import type { Roc } from './roc.js'

function figure(
  value: number,
  low: number,
  high: number,
  found: [number, number] = [0.01, 0.005],
  n = 1000,
): Roc {
  return {
    members: n,
    outsiders: n,
    auc: { value, ci95: [low, high] },
    foundAt1: { value: found[0], ci95: [found[1], 2 * found[0]] },
    foundAt01: { value: 0.001, ci95: [0, 0.002] },
  }
}

function headline(all: Roc, others: Partial<Membership> = {}): string {
  const none = { rarePair: null, rareItem: null, ids: null, withIds: null, withIdsRareItem: null }
  const by = { tables: all, likelihood: all, counts: all }
  return membershipHeadline({ all, by, reference: true, ...none, ...others })
}

const CHANCE = figure(0.51, 0.49, 0.53)

it.each([
  ['chance', CHANCE, 'No better than guessing ('],
  ['a high figure whose interval holds chance', figure(0.64, 0.48, 0.8), 'No better than guessing ('],
  ['an interval that ends at chance', figure(0.49, 0.48, 0.5), 'No better than guessing ('],
  [
    'an interval above chance, but within the error of the fit',
    figure(0.512, 0.502, 0.522),
    'No better than guessing (',
  ],
  ['below chance', figure(0.44, 0.41, 0.47), 'Worse than guessing'],
  ['a little above', figure(0.55, 0.53, 0.57), 'Slightly better than guessing ('],
  ['above', figure(0.65, 0.63, 0.67), 'Better than guessing ('],
  ['well above', figure(0.8, 0.78, 0.82), 'Clearly better than guessing ('],
  ['nearly all', figure(0.97, 0.96, 0.98), 'Yes, for most visits ('],
  [
    'a tiny sample',
    figure(0.97, 0.9, 1, [0.5, 0.1], 12),
    'Too few visits to tell (12 from the training, 12 others',
  ],
  ['no sample', figure(Number.NaN, Number.NaN, Number.NaN, [0, 0], 0), 'Too few visits to tell (0'],
])('the membership headline follows the figure: %s', (_, roc, words) => {
  expect(headline(roc).startsWith(words)).toBe(true)
})

it('shows the figure, its interval and the result of guessing', () => {
  expect(headline(figure(0.65, 0.63, 0.67, [0.042, 0.03]))).toBe(
    'Better than guessing (AUC 0.650, 95 % interval 0.630 to 0.670; guessing is 0.500). ' +
      'At 1 % false alarms the attack finds 4.2 % of the training visits; guessing finds 1.0 %.',
  )
})

it('takes the stronger of the attacks with and without the list of ids', () => {
  const strong = figure(0.8, 0.78, 0.82)
  expect(headline(CHANCE, { withIds: strong })).toMatch(/^Clearly/)
  expect(headline(strong, { withIds: CHANCE })).toMatch(/^Clearly/)
})

it('names visits that stand out although the overall result is chance', () => {
  const rare = figure(0.8, 0.7, 0.9)
  expect(headline(CHANCE)).not.toMatch(/rare|stand out/)
  expect(headline(CHANCE, { rarePair: rare })).toContain('Visits with a rare pair are found better')
  expect(headline(CHANCE, { rareItem: rare })).toContain('Visits with a rare item are found better')
  expect(headline(CHANCE, { rarePair: figure(0.8, 0.45, 1) })).not.toContain('rare')
  expect(headline(figure(0.51, 0.49, 0.53, [0.05, 0.03]))).toContain('A few visits stand out')
})

it('calls completion a leak only if its interval excludes zero', () => {
  const excess = (excess: number, low: number, high: number) => ({
    members: 0.2 + excess,
    outsiders: 0.2,
    excess,
    ci95: [low, high] as const,
  })
  const of = (value: number, low: number, high: number) =>
    completionHeadline([{ at1: excess(0, -0.01, 0.01), at20: excess(value, low, high) }] as never)
  expect(of(0.02, -0.01, 0.05)).toMatch(/^No better/)
  expect(of(-0.03, -0.05, -0.01)).toMatch(/^No better/)
  expect(of(0.123, 0.1, 0.14)).toBe(
    'Better than for visits that the pack has never seen, by up to 12.3 points (95 % interval 10.0 to 14.0).',
  )
  expect(completionHeadline([])).toBe('Too few visits to tell.')
})

it('says how many added visits can be told apart', () => {
  const of = (added: number, pair: number, count = 3) =>
    differenceHeadline({ added, sessions: { pair, count: 0, vector: 0 }, newPairs: { count } } as never)
  expect(of(0, 0)).toContain('No visits were added')
  expect(of(9, 0, 0)).toContain('Nothing')
  expect(of(9, 0)).toContain('No visit leaves')
  expect(of(9, 0.25)).toBe('25.0 % of them leave a trace that belongs to one visit alone.')
})
