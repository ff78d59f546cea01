import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, test } from 'vitest'
import { random } from '../../maths/random.js'
import { estimate } from './estimate.js'
import { evaluatePolicy, frequencies, policyText, uniform } from './policy.js'
import { explored, type Impression } from './shown.js'

const folder = mkdtempSync(join(tmpdir(), 'nearside-policy-'))
afterAll(() => rmSync(folder, { recursive: true }))

const ITEMS = ['a', 'b', 'c', 'd']
const CLICKS = [0.5, 0.3, 0.1, 0.02]
/** What each policy shows. */
const EAGER = [0.7, 0.1, 0.1, 0.1]
const EVEN = [0.25, 0.25, 0.25, 0.25]
const worth = (policy: number[]) => policy.reduce((sum, p, i) => sum + p * CLICKS[i]!, 0)

function logged(policy: number[], times: number, seed: number): Impression[] {
  const uniform = random(seed)
  return Array.from({ length: times }, (_, n) => {
    const draw = uniform()
    const i = policy.findIndex((_, i) => draw < policy.slice(0, i + 1).reduce((a, b) => a + b))
    return {
      item: ITEMS[i]!,
      position: '0',
      click: Number(uniform() < CLICKS[i]!),
      propensity: policy[i]!,
      list: String(n),
    }
  })
}

function target(policy: number[]) {
  const items = new Map(policy.map((p, i) => [ITEMS[i]!, p]))
  return { items: () => items }
}

describe('the value of another policy', () => {
  it.each([
    ['eager', 'even', EVEN, EAGER],
    ['even', 'eager', EAGER, EVEN],
  ])('the truth of the %s one is in the intervals from a log of the %s one', (_, __, from, to) => {
    const found = estimate(logged(from, 20_000, 5), target(to), 100)
    for (const { value, ci95 } of [found.ips, found.snips, found.dr]) {
      expect(ci95[0]).toBeLessThan(worth(to))
      expect(ci95[1]).toBeGreaterThan(worth(to))
      expect(value).toBeCloseTo(worth(to), 1)
    }
    expect(found.meanWeight).toBeCloseTo(1, 1)
    expect(found.clipping.impressions).toBe(0)
  })

  it('intervals hold the truth about as often as they say', () => {
    let held = 0
    for (let seed = 0; seed < 60; seed++) {
      const { ci95 } = estimate(logged(EVEN, 800, 100 + seed), target(EAGER), 100).snips
      if (ci95[0] <= worth(EAGER) && worth(EAGER) <= ci95[1]) held++
    }
    expect(held).toBeGreaterThanOrEqual(52)
  })

  it('a log says most about itself: its effective sample size is its length', () => {
    const shown = logged(EVEN, 1000, 1)
    expect(estimate(shown, target(EVEN), 100).effectiveSampleSize).toBeCloseTo(1000, 6)
    expect(estimate(shown, target(EAGER), 100).effectiveSampleSize).toBeLessThan(700)
  })

  it('what is clipped and what was never shown is told', () => {
    const shown = logged([0.9, 0.09, 0.01, 0], 5000, 1)
    const found = estimate(shown, target(EVEN), 5)
    expect(found.clipping.impressions).toBe(shown.filter(({ item }) => item === 'c').length)
    expect(found.highestWeight).toBeCloseTo(25)
    expect(found.unsupported).toBeCloseTo(0.25)
  })
})

test('tables are read, and rows without a propensity are named', async () => {
  const file = join(folder, 'shown.csv')
  const rows = logged(EVEN, 400, 1).map(
    ({ item, click, propensity, list }) => `${item},0,${click},${propensity},${list}`,
  )
  writeFileSync(file, `item_id,position,click,propensity,request_id\n${rows.join('\n')}\n`)
  const found = await evaluatePolicy({ policy: [file] })
  expect(found).toMatchObject({ task: 'policy', target: 'uniform', impressions: 400, lists: 400 })
  expect(found.ips.value).toBeCloseTo(found.logged.value, 9)
  expect(policyText(found)).toContain('nothing was clipped')
  writeFileSync(file, 'item_id,position,click,propensity\na,0,1,0\n')
  await expect(evaluatePolicy({ policy: [file] })).rejects.toThrow('shown.csv:2: needs')
})

test('exports are read: only drawn positions count, and a click belongs to its list', async () => {
  const lists = [
    {
      requestId: 'r1',
      slot: 'home',
      time: 1,
      by: 'device' as const,
      ids: ['a', 'b', 'c'],
      propensities: [1, 0.2, 0],
    },
    {
      requestId: 'r2',
      slot: 'home',
      time: 2,
      by: 'device' as const,
      ids: ['a', 'd'],
      propensities: [1, 0.5],
    },
    { requestId: 'r3', slot: 'home', time: 3, by: 'server' as const, ids: ['a', 'b'] },
  ]
  const events = [
    { id: '1', name: 'select_item' as const, time: 3, requestId: 'r2', items: [{ item_id: 'd' }] },
    { id: '2', name: 'view_item' as const, time: 3, items: [{ item_id: 'b' }] },
  ]
  expect(explored(lists, events)).toEqual([
    { item: 'b', position: '1', click: 0, propensity: 0.2, list: 'r1' },
    { item: 'd', position: '1', click: 1, propensity: 0.5, list: 'r2' },
  ])
  const file = join(folder, 'device.json')
  writeFileSync(file, JSON.stringify({ lists, events }, null, 2))
  expect(await evaluatePolicy({ policy: [file] })).toMatchObject({ impressions: 2, lists: 2, clicks: 1 })
})

test('policies of a log: how often it showed each item, or all of them equally', () => {
  const shown = logged(EAGER, 1000, 2)
  expect(uniform(shown).items('0').get('a')).toBe(0.25)
  expect(frequencies(shown).items('0').get('a')).toBeCloseTo(0.7, 1)
  expect(uniform(shown).items('7').size).toBe(0)
})

const BANDIT = '../shared/datasets/open-bandit'
describe.skipIf(!existsSync(BANDIT))('Open Bandit data, if it is beside the repository', () => {
  it.each([
    ['men', 'random', 'bts'],
    ['men', 'bts', 'random'],
    ['women', 'random', 'bts'],
    ['women', 'bts', 'random'],
  ])('%s: from %s, the value of %s is within the intervals', async (campaign, from, to) => {
    const file = (policy: string) => [join(BANDIT, `${campaign}-${policy}.tsv.gz`)]
    const found = await evaluatePolicy({ policy: file(from), target: file(to) })
    const { value } = found.onTarget!
    for (const { ci95 } of [found.ips, found.snips, found.dr]) {
      expect(ci95[0]).toBeLessThanOrEqual(value)
      expect(ci95[1]).toBeGreaterThanOrEqual(value)
    }
  })
})
