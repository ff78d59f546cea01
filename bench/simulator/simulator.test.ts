/** The made-up shop: training can read its files, and what happens is as frequent as the true probabilities say. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { loadLog } from '../../train/src/data/load/load.js'
import { peopleFor, visits } from './log.js'
import { Shop } from './shop.js'
import { writeShop } from './write.js'

const folder = mkdtempSync(join(tmpdir(), 'simulator-'))
afterAll(() => rmSync(folder, { recursive: true }))

function write(name: string, seed: number, format: 'csv' | 'parquet' = 'csv') {
  const to = join(folder, name)
  return writeShop(new Shop(300, peopleFor(4000), seed), {
    folder: to,
    events: 4000,
    format,
    exposures: true,
  })
}

test('the same seed gives the same files, another seed others', async () => {
  await write('a', 1)
  await write('b', 1)
  await write('c', 2)
  const read = (name: string, file: string) => readFileSync(join(folder, name, file), 'utf8')
  for (const file of [
    'events-000.csv',
    'exposures-000.csv',
    'items.csv',
    'truth/people.csv',
    'truth/model.json',
  ]) {
    expect(read('a', file)).toBe(read('b', file))
    expect(read('a', file)).not.toBe(read('c', file))
  }
})

test('training reads both formats, with nothing bad in them', async () => {
  for (const format of ['csv', 'parquet'] as const) {
    const written = await write(format, 1, format)
    const { report } = await loadLog({
      events: [join(folder, format, `events-*.${format}`)],
      catalogue: join(folder, format, 'items.csv'),
    })
    expect(report).toMatchObject({ rows: 4000, bad: { rows: 0 }, time: 'real', items: 300 })
    expect(report.leftOut).toEqual({
      refund: written.kinds.refund,
      remove_from_cart: written.kinds.remove_from_cart,
    })
  }
})

test('what is clicked, carted and bought is as likely as the truth says', () => {
  const shop = new Shop(300, 400, 3)
  let looked = 0
  let bought = 0
  let expected = 0
  const shown = new Float64Array(13)
  const clicks = new Float64Array(13)
  for (const visit of visits(shop, 60_000, true)) {
    const person = shop.person(visit.person)
    for (const { item, kind } of visit.happenings) {
      if (kind === 'purchase') bought++
      if (kind !== 'view_item') continue
      looked++
      expected += shop.purchaseProbability(person, item)
    }
    for (const { position, clicked } of visit.exposures) {
      shown[position]!++
      if (clicked) clicks[position]!++
    }
  }
  expect(looked).toBeGreaterThan(30_000)
  expect(bought / expected).toBeGreaterThan(0.95)
  expect(bought / expected).toBeLessThan(1.05)
  // Fewer clicks further down, although the server's order says little about this person.
  expect(clicks[12]! / shown[12]!).toBeLessThan((0.5 * clicks[1]!) / shown[1]!)
})
