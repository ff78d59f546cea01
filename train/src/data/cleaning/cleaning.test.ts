/** What is removed from a training log, what stays, and that a log for evaluation is not changed. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { random } from '../../maths/random.js'
import { cleaningTable } from '../load/cleaning-table.js'
import { type Log, loadLog } from '../load/load.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cleaning-test-'))
})
afterAll(() => rm(folder, { recursive: true }))

const NOON = 1_700_049_600
type Row = (string | number)[]

/** Visitors who look at two to nine of 300 items, twenty to eighty seconds apart. */
function visitors(count: number, minute = false): Row[] {
  const uniform = random(7)
  const rows: Row[] = []
  for (let s = 0; s < count; s++) {
    let t = NOON + 977 * s
    for (let e = 0; e < 2 + uniform() * 8; e++) {
      rows.push([`s${s}`, `i${Math.floor(300 * uniform())}`, minute ? t - (t % 60) : t])
      t += Math.floor(20 + 60 * uniform())
    }
  }
  return rows
}

let files = 0
async function log(rows: Row[], header = 'session_id,item_id,timestamp'): Promise<string> {
  const path = join(folder, `${files++}.csv`)
  await writeFile(path, `${header}\n${rows.map((row) => `${row.join(',')}\n`).join('')}`)
  return path
}

const load = (path: string, catalogue?: string): Promise<Log> =>
  loadLog({ events: [path], catalogue, clean: true })

/** Items of the session whose first item is `first`. */
function session({ data }: Log, first: string): string[] | undefined {
  for (let s = 0; s + 1 < data.offsets.length; s++) {
    const items = Array.from(
      data.rows.subarray(data.offsets[s], data.offsets[s + 1]),
      (row) => data.ids[row]!,
    )
    if (items[0] === first) return items
  }
  return undefined
}

const NOTHING = { bots: 0, runaways: 0, duplicates: 0, refreshes: 0, clockJumps: 0, returned: 0 }

describe('repeats', () => {
  const again: Row[] = [
    ['a', 'start', NOON],
    ['a', 'start', NOON],
    ['a', 'start', NOON + 3],
    ['a', 'start', NOON + 6],
    ['a', 'start', NOON + 40],
    ['a', 'other', NOON + 42],
    ['a', 'start', NOON + 43],
  ]

  test('within seconds are refreshes, the same row is a duplicate, and a later return to an item is neither', async () => {
    const path = await log([...visitors(150), ...again])
    const found = await load(path)
    expect(session(found, 'start')).toEqual(['start', 'start', 'other', 'start'])
    expect(found.report.cleaning).toMatchObject({ ...NOTHING, duplicates: 1, refreshes: 2 })
    const line = visitors(150).length + 3
    expect(found.report.cleaning!.examples).toContain(
      `${path}:${line}: the same row of the same session again`,
    )
    expect(found.report.events).toBe(visitors(150).length + 4)
  })

  test('are shown with examples from the first sessions of the log', async () => {
    const rows = visitors(150).flatMap((row): Row[] => [row, row])
    const path = await log(rows)
    expect((await load(path)).report.cleaning!.examples).toEqual([
      `${path}:3: the same row of the same session again`,
      `${path}:5: the same row of the same session again`,
    ])
  })

  test('stay in a log that is used for evaluation', async () => {
    const { data, report } = await loadLog({ events: [await log([...visitors(150), ...again])] })
    expect(data.rows.length).toBe(visitors(150).length + 7)
    expect(report.cleaning).toBeNull()
  })

  test('stay where times are only an order or whole minutes', async () => {
    const order = visitors(150).map(([s, i], n): Row => [s!, i!, n])
    const positions = again.map(([s, i], n): Row => [s!, i!, 10_000 + n])
    expect((await load(await log([...order, ...positions]))).report).toMatchObject({
      time: 'order',
      cleaning: NOTHING,
    })
    const minutes = [...visitors(150, true), ...again.map(([s, i]): Row => [s!, i!, NOON])]
    expect((await load(await log(minutes))).report.cleaning).toMatchObject(NOTHING)
  })

  test('are also found if orders have many items at one time', async () => {
    const rows: Row[] = visitors(150).flatMap(([s, i, t], n): Row[] => [
      [s!, i!, t!, 'view'],
      ...(n % 3 === 0 ? ['a', 'b', 'c'].map((item): Row => [s!, item, t! as number, 'purchase']) : []),
    ])
    const path = await log(
      [...rows, ...again.map((row): Row => [...row, 'view'])],
      'session_id,item_id,timestamp,event_type',
    )
    expect((await load(path)).report.cleaning).toMatchObject({ duplicates: 1, refreshes: 2 })
  })

  test('with another event type are separate steps', async () => {
    const rows = [...visitors(150), ['a', 'start', NOON], ['a', 'start', NOON + 1, 'cart']]
    const path = await log(
      rows.map(([s, i, t, type]): Row => [s!, i!, t!, type ?? 'view']),
      'session_id,item_id,timestamp,event_type',
    )
    const found = await load(path)
    expect(session(found, 'start')).toEqual(['start', 'start'])
    expect(found.report.cleaning).toMatchObject(NOTHING)
  })
})

describe('machines', () => {
  test('are found by their pace', async () => {
    const bot = Array.from({ length: 80 }, (_, e): Row => ['bot', `i${(e * 37) % 300}`, NOON + 0.5 * e])
    const found = await load(await log([...visitors(150), ...bot]))
    expect(found.report).toMatchObject({ sessions: 150, cleaning: { ...NOTHING, bots: 80, botSessions: 1 } })
    expect(found.report.cleaning!.examples[0]).toMatch(
      /csv:\d+: a session of 80 looks, the median 0.5 s apart/,
    )
    expect(cleaningTable(found.report.cleaning!, found.report).join('\n')).toContain(
      '80  bots: 1 session at a machine',
    )
  })

  test('are found by the order of their looks, and items that only they saw are removed', async () => {
    const bot = Array.from({ length: 60 }, (_, e): Row => ['bot', `x${e}`, NOON + 25 * e])
    const found = await load(await log([...visitors(150), ...bot]))
    expect(found.report.cleaning).toMatchObject({ ...NOTHING, bots: 60, botSessions: 1 })
    expect(found.data.ids.some((id) => id.startsWith('x'))).toBe(false)
    expect(Math.max(...found.data.rows)).toBeLessThan(found.data.ids.length)
    expect(found.report.items).toBe(found.data.ids.length)
  })

  test('include ids that many visitors share', async () => {
    const shared = Array.from(
      { length: 400 },
      (_, e): Row => ['undefined', `i${(e * e * 7) % 300}`, NOON + 61 * e],
    )
    const found = await load(await log([...visitors(150), ...shared]))
    expect(found.report.cleaning).toMatchObject({ ...NOTHING, runaways: 400, runawaySessions: 1 })
  })

  test('do not include customers who buy much: a long order, a long visit, a shop with long baskets', async () => {
    const type = (rows: Row[], name: string) => rows.map((row): Row => [...row, name])
    const order = Array.from(
      { length: 900 },
      (_, e): Row => ['order', `i${e % 300}`, NOON + Math.floor(e / 300)],
    )
    const visit = Array.from({ length: 60 }, (_, e): Row => ['visit', `i${(e * 37) % 300}`, NOON + 30 * e])
    const header = 'session_id,item_id,timestamp,event_type'
    const bought = [...type(visitors(150), 'view'), ...type(order, 'purchase'), ...type(visit, 'view')]
    expect((await load(await log(bought, header))).report.cleaning).toMatchObject({ bots: 0, runaways: 0 })
    // A log without event types, in which all rows of an order have the same time.
    const baskets = Array.from({ length: 200 }, (_, s) =>
      Array.from({ length: 3 + (s % 40) }, (_, e): Row => [`b${s}`, `i${(s + e) % 300}`, NOON + 3600 * s]),
    ).flat()
    const wholesale = Array.from({ length: 900 }, (_, e): Row => ['wholesale', `i${e % 300}`, NOON + 5])
    expect((await load(await log([...baskets, ...wholesale]))).report.cleaning).toMatchObject(NOTHING)
  })

  test('are not searched by pace or sweep where times are not real', async () => {
    const rows = visitors(150).map(([s, i], n): Row => [s!, i!, n])
    const long = Array.from({ length: 40 }, (_, e): Row => ['long', `i${(e * 37) % 300}`, 5000 + e])
    const sorted = Array.from({ length: 60 }, (_, e): Row => ['sorted', `x${e}`, 6000 + e])
    expect((await load(await log([...rows, ...long, ...sorted]))).report.cleaning).toMatchObject(NOTHING)
  })
})

describe('returns', () => {
  test('cancel the latest purchase of that person or session, if all of it was returned', async () => {
    const rows: Row[] = [
      ['a', 'ann', 'lamp', NOON, 'view', ''],
      ['a', 'ann', 'lamp', NOON + 10, 'purchase', 1],
      ['b', 'ann', 'lamp', NOON + 9000, 'purchase', 1],
      ['c', 'ann', 'lamp', NOON + 90_000, 'refund', 1],
      ['d', '', 'chair', NOON + 20, 'purchase', 2],
      ['d', '', 'chair', NOON + 30, 'purchase', -2],
      ['e', 'bob', 'mug', NOON + 40, 'purchase', 6],
      ['e', 'bob', 'mug', NOON + 99, 'purchase', -2],
      ['f', 'eve', 'rug', NOON + 50, 'return', 1],
    ]
    const path = await log(rows, 'session_id,user_id,item_id,timestamp,event_type,quantity')
    const { data, report } = await load(path)
    expect(report.cleaning).toMatchObject({ ...NOTHING, returned: 2, returnsUnmatched: 1 })
    const left = Array.from(data.rows, (row, e) => `${data.ids[row]} ${data.weights[e]!.toFixed(0)}`)
    expect(left.sort()).toEqual(['lamp 1', 'lamp 5', 'mug 5'])
    expect(report.cleaning!.examples).toContain(`${path}:4: a purchase that was returned`)
  })
})

describe('clocks', () => {
  test('far from all others are wrong, but a long history is right', async () => {
    const rows = visitors(150)
    const wrong: Row[] = [
      ['s3', 'late', '2037-01-01'],
      ['s4', 'early', '1999-12-31T23:00:00Z'],
    ]
    const found = await load(await log([...rows, ...wrong]))
    expect(found.report).toMatchObject({ cleaning: { ...NOTHING, clockJumps: 2 } })
    expect(found.report.to!.slice(0, 4)).toBe('2023')
    expect(found.report.cleaning!.examples[0]).toMatch(/2037-01-01 is far from all other times/)
    const history = rows.map(([s, i, t], n): Row => [s!, i!, n < rows.length / 4 ? Number(t) - 2e8 : t!])
    expect((await load(await log(history))).report.cleaning).toMatchObject(NOTHING)
  })

  test('rows that are out of order are sorted and counted', async () => {
    const found = await load(
      await log([
        ...visitors(150),
        ['a', 'first', NOON],
        ['a', 'third', NOON + 90],
        ['a', 'second', NOON + 40],
      ]),
    )
    expect(session(found, 'first')).toEqual(['first', 'second', 'third'])
    expect(found.report.cleaning).toMatchObject({ ...NOTHING, outOfOrder: 1 })
  })
})

test('items that are not in the catalogue are still learned from, and are counted', async () => {
  const catalogue = join(folder, 'items.csv')
  await writeFile(catalogue, `item_id\n${Array.from({ length: 299 }, (_, i) => `i${i}\n`).join('')}`)
  const rows = visitors(150)
  const found = await load(await log(rows), catalogue)
  const lost = rows.filter(([, item]) => item === 'i299').length
  expect(lost).toBeGreaterThan(0)
  expect(found.report.cleaning).toMatchObject({ ...NOTHING, outOfCatalogue: lost, outOfCatalogueItems: 1 })
  expect(Array.from(found.outOfCatalogue, (row) => found.data.ids[row])).toEqual(['i299'])
  expect(found.data.rows.length).toBe(rows.length)

  await writeFile(catalogue, 'item_id\n1\n2\n')
  await expect(load(await log(rows), catalogue)).rejects.toThrow(
    /none of the log's items .* The log has i0,i1,i10/,
  )
})
