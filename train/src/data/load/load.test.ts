/** Logs in the forms that shops write, and what becomes of each row. */
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseRenames } from '../columns.js'
import { type Log, type LogOptions, loadLog } from './load.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'log-test-'))
})
afterAll(() => rm(folder, { recursive: true }))

const NOON = 1_700_049_600
async function write(name: string, content: string | Buffer): Promise<string> {
  const path = join(folder, name)
  await mkdir(join(path, '..'), { recursive: true })
  await writeFile(path, content)
  return path
}

/** A log with enough good rows that a few bad ones are skipped. */
function padding(rows: number): string {
  return Array.from({ length: rows }, (_, i) => `p${i},filler,${NOON + 37 * i}\n`).join('')
}

function load(events: string | string[], options: Partial<LogOptions> = {}): Promise<Log> {
  return loadLog({ events: [events].flat(), ...options })
}

/** Sessions as lists of ids, in their order. */
function sessions({ data }: Log): string[][] {
  return Array.from({ length: data.offsets.length - 1 }, (_, s) =>
    Array.from(data.rows.subarray(data.offsets[s], data.offsets[s + 1]), (row) => data.ids[row]!),
  )
}

const rows = [
  ['a', 'x', NOON + 20],
  ['b', 'y', NOON],
  ['a', 'y', NOON + 10],
  ['b', 'x', NOON + 90],
] as const
const expected = [
  ['y', 'x'],
  ['y', 'x'],
]
const csv = `session_id,item_id,timestamp\n${rows.map((row) => `${row.join(',')}\n`).join('')}`

describe('formats', () => {
  test('CSV, TSV, semicolons, JSON lines, gzip and Parquet give the same sessions', async () => {
    const json = rows.map(([session_id, item_id, timestamp]) =>
      JSON.stringify({ session_id, item_id, timestamp, more: { deep: 1 } }),
    )
    const parquet = join(folder, 'log.parquet')
    const instance = await DuckDBInstance.create(':memory:')
    const connection = await instance.connect()
    await connection.run(
      `COPY (SELECT * FROM (VALUES ${rows.map(([s, i, t]) => `('${s}', '${i}', to_timestamp(${t}))`)})
       v(session_id, item_id, timestamp)) TO '${parquet}'`,
    )
    connection.closeSync()
    const files = [
      await write('log.csv', csv),
      await write('log.tsv', csv.replaceAll(',', '\t')),
      await write('semicolons.csv', csv.replaceAll(',', ';')),
      await write('windows.csv', `\ufeff${csv.replaceAll('\n', '\r\n')}`),
      await write('no-last-newline.csv', csv.trimEnd()),
      await write('quoted.csv', csv.replace(/([^,\n]+)/g, '"$1"')),
      await write('log.csv.gz', gzipSync(csv)),
      await write('two-members.csv.gz', Buffer.concat([gzipSync(csv.slice(0, 40)), gzipSync(csv.slice(40))])),
      await write('log.jsonl', json.join('\n')),
      await write('log.ndjson.gz', gzipSync(`${json.join('\n\n')}\n`)),
      parquet,
    ]
    for (const file of files) {
      const log = await load(file)
      expect(sessions(log), file).toEqual(expected)
      expect(log.report, file).toMatchObject({ rows: 4, events: 4, time: 'real', bad: { rows: 0 } })
      expect(Array.from(log.data.times), file).toEqual([NOON + 10, NOON + 20, NOON, NOON + 90])
    }
  })

  test('a Parquet file whose name looks like a pattern is read as that file', async () => {
    const instance = await DuckDBInstance.create(':memory:')
    const connection = await instance.connect()
    for (const [name, item] of [
      ['part1', 'other'],
      ['part[1]', 'own'],
    ] as const) {
      await connection.run(
        `COPY (SELECT 's' AS session_id, '${item}' AS item_id, ${NOON} AS timestamp) TO '${join(folder, name)}.parquet'`,
      )
    }
    connection.closeSync()
    instance.closeSync()
    expect((await load(join(folder, 'part[1].parquet'))).data.ids).toEqual(['own'])
    expect((await load(join(folder, 'part*.parquet'))).data.ids).toEqual(['other', 'own'])
  })

  test('a glob reads each file once and joins the rows of one session from several files', async () => {
    await write('glob/1.csv', 'session_id,item_id,timestamp\na,x,1700000000\n')
    await write('glob/2.csv', 'timestamp,item_id,session_id\n1700000060,y,a\n')
    const log = await load([join(folder, 'glob/*.csv'), join(folder, 'glob/1.csv')])
    expect(sessions(log)).toEqual([['x', 'y']])
    expect(log.report.files).toHaveLength(2)
    await expect(load(join(folder, 'none/*.csv'))).rejects.toThrow('none/*.csv: no such file')
  })

  test('times as seconds, milliseconds, microseconds, fractions and ISO dates with zones', async () => {
    const times = [
      NOON,
      `${NOON}000`,
      `${NOON}000000`,
      `${NOON}.5`,
      '2023-11-15T12:00:00Z',
      '2023-11-15 13:00:00+01:00',
    ]
    const text = times.map((t, i) => `s${i},x,${t}\n`).join('')
    const { data } = await load(await write('times.csv', `session_id,item_id,timestamp\n${text}`))
    expect(Array.from(data.times)).toEqual([NOON, NOON, NOON, NOON, NOON, NOON + 0.5])
  })

  test('ids are sorted by their UTF-8 bytes, not in the order of JavaScript', async () => {
    const ids = ['\u{1f600}', '\uffee', 'é', 'z', 'Z', '10', '9']
    const text = ids.map((id, i) => `s,${id},${NOON + i}\n`).join('')
    const { data } = await load(await write('utf8.csv', `session_id,item_id,timestamp\n${text}`))
    expect(data.ids).toEqual(['10', '9', 'Z', 'z', 'é', '\uffee', '\u{1f600}'])
  })
})

describe('bad rows', () => {
  test('are reported by file and line, counted by reason and skipped', async () => {
    const text = `session_id,item_id,timestamp
a,x,${NOON}

a,y,yesterday
,y,${NOON}
a,,${NOON}
a,y
a,"two
lines",${NOON + 9}
a,"unpaired",y"
a,x,12
${padding(200)}`
    for (const file of [await write('bad.csv', text), await write('bad.csv.gz', gzipSync(text))]) {
      const log = await load(file)
      expect(log.report.bad.named).toEqual([
        `${file}:4: timestamp "yesterday" is not a unix time or ISO date`,
        `${file}:5: session_id is empty`,
        `${file}:6: item_id is empty`,
        `${file}:7: the line does not have the 3 fields of the header but 2`,
        `${file}:10: timestamp "y\\"" is not a unix time or ISO date`,
      ])
      expect(log.report.bad.rows).toBe(6)
      expect(log.report.bad.reasons['timestamp is not a unix time or ISO date']).toBe(2)
      expect(log.report.bad.reasons['timestamp lies before 1990 or after 2100']).toBe(1)
      expect(log.report).toMatchObject({ rows: 208, events: 202 })
      expect(log.data.ids).toEqual(['filler', 'two\nlines', 'x'])
    }
  })

  test('a quote that is never closed makes only its own line bad', async () => {
    const text = `session_id,item_id,timestamp\n"a,x,${NOON}\n${padding(300)}`
    const log = await load(await write('unclosed.csv', text))
    expect(log.report).toMatchObject({ rows: 301, events: 300 })
    expect(log.report.bad.named[0]).toMatch(/unclosed\.csv:2: a quoted field is not closed/)
    const short = await load(
      await write('unclosed-last.csv', `session_id,item_id,timestamp\n${padding(30)}"a,x,${NOON}`),
    )
    expect(short.report.bad.named[0]).toMatch(/unclosed-last\.csv:32: a quoted field/)
  })

  test('malformed JSON and other text encodings give bad rows, not empty ones', async () => {
    const good = Array.from({ length: 100 }, (_, i) =>
      JSON.stringify({ session_id: `s${i}`, item_id: 'x', timestamp: NOON + i }),
    )
    const path = await write('bad.jsonl', ['{"session_id": "a", ', '[1]', ...good, '{}'].join('\n'))
    const { report } = await load(path)
    expect(report.bad.named).toEqual([
      `${path}:1: the line is not valid JSON`,
      `${path}:2: the line is not a JSON object`,
      `${path}:103: session_id is empty`,
    ])
    expect(report.events).toBe(100)

    const latin = Buffer.concat([
      Buffer.from(`session_id,item_id,timestamp\n${padding(30)}a,caf`),
      Buffer.from([0xe9]),
      Buffer.from(`,${NOON}\n${padding(30)}`),
    ])
    const log = await load(await write('latin.csv', latin))
    expect(log.report.bad.named[0]).toMatch(/latin\.csv:32: the line is not UTF-8 text/)
    expect(log.report.events).toBe(60)
  })

  test('Parquet rows are reported by row number', async () => {
    const path = join(folder, 'bad.parquet')
    const connection = await (await DuckDBInstance.create(':memory:')).connect()
    await connection.run(
      `COPY (SELECT 's' || i AS session_id, CASE WHEN i <> 7 THEN i END AS item_id, ${NOON} + 37 * i AS timestamp
       FROM range(100) t(i)) TO '${path}'`,
    )
    connection.closeSync()
    expect((await load(path)).report.bad.named).toEqual([`${path}:row 8: item_id is empty`])
  })

  test('more than 5 % of them stop the run; the error names the file and what to do', async () => {
    const path = await write('mostly-bad.csv', `session_id,item_id,timestamp\na,x,12/24/2023\n${padding(10)}`)
    await expect(load(path)).rejects.toThrow(
      /1 of 11 rows \(9\.1 %\).*mostly-bad\.csv:2: timestamp "12\/24\/2023".*Write unix seconds/s,
    )
  })

  test('a file that is not a log gives an error that says what is wrong', async () => {
    await expect(load(await write('empty.csv', ''))).rejects.toThrow('empty.csv has no rows')
    await expect(load(await write('cut.parquet', 'PAR'))).rejects.toThrow('cut.parquet')
    await expect(load(await write('cut2.parquet', 'PAR1xxxxxxxx'))).rejects.toThrow('cut2.parquet')
    const gz = gzipSync(csv)
    await expect(load(await write('cut.csv.gz', gz.subarray(0, gz.length - 12)))).rejects.toThrow(
      'cut.csv.gz',
    )
    await expect(load(folder)).rejects.toThrow('is a folder')
  })
})

describe('columns', () => {
  test('are renamed by --columns and matched without regard to case', async () => {
    const path = await write('renamed.csv', `SID,Sku,Timestamp\na,x,${NOON}\n`)
    const log = await load(path, { renames: parseRenames('session=sid, item=Sku') })
    expect(sessions(log)).toEqual([['x']])
  })

  test('that are missing are named in an error that lists those found and what to do', async () => {
    const path = await write('missing.csv', `sid,item_id,timestamp\na,x,${NOON}\n`)
    await expect(load(path)).rejects.toThrow(
      /no column session_id or user_id\. Columns found: sid, item_id, timestamp\.\n.*--columns session=sid/,
    )
    expect(() => parseRenames('sesion=sid')).toThrow('"sesion" is not one of our column names')
    expect(() => parseRenames('session')).toThrow('not of the form')
  })
})

describe('events', () => {
  test('have the weight of their type, and those that are not steps are left out', async () => {
    const types = ['view', 'addToCart', 'transaction', 'impression', 'remove_from_cart', '']
    const text = types.map((type, i) => `a,x${i},${NOON + i},${type},1\n`).join('')
    const path = await write(
      'types.csv',
      `session_id,item_id,timestamp,event_type,quantity\n${text}a,returned,${NOON + 9},purchase,-1\n`,
    )
    const log = await load(path)
    expect(sessions(log)).toEqual([['x0', 'x1', 'x2', 'x5']])
    expect(Array.from(log.data.weights)).toEqual([1, 3.5, 5, 1])
    expect(log.report.leftOut).toEqual({ refund: 1, remove_from_cart: 1, view_item_list: 1 })
  })

  test('of a person are cut into sessions at 30 idle minutes', async () => {
    const text = [0, 1700, 3600, 3700].map((t) => `u,x${t},${NOON + t}\n`).join('')
    const path = await write('users.csv', `user_id,item_id,timestamp\n${text}v,y,${NOON + 1}\n`)
    const log = await load(path)
    expect(sessions(log)).toEqual([['y'], ['x0', 'x1700'], ['x3600', 'x3700']])
    const { users } = log.data
    expect(users![1]).toBe(users![2])
    expect(users![0]).not.toBe(users![1])
    expect(log.report.sessionsFrom).toBe('user_id')
  })

  test('keep the person of their session, and unknown visitors are different people', async () => {
    const path = await write(
      'people.csv',
      `session_id,user_id,item_id,timestamp\na,,x,${NOON}\na,u,x,${NOON + 1}\nb,,x,${NOON + 2}\nc,,x,${NOON + 3}\nd,u,x,${NOON + 4}\n`,
    )
    const users = Array.from((await load(path)).data.users!)
    expect(users[0]).toBe(users[3])
    expect(new Set(users).size).toBe(3)
  })

  test('have the same people in two logs that are read together', async () => {
    const first = await write(
      'early.csv',
      'session_id,user_id,item_id,timestamp\na,ann,x,1600000000\nb,,x,1600000001\n',
    )
    const second = await write(
      'late.csv',
      'session_id,user_id,item_id,timestamp\nc,bob,x,1600000002\nd,ann,x,1600000003\ne,,x,1600000004\n',
    )
    const people = new Map<string, number>()
    const early = (await loadLog({ events: [first], people })).data.users!
    const late = (await loadLog({ events: [second], people })).data.users!
    expect(late[1]).toBe(early[0])
    expect(late[0]).not.toBe(early[0])
    expect([early[1]! < 0, late[2]! < 0]).toEqual([true, true])
    expect(people.get('ann')).toBe(early[0])
  })
})

describe('time', () => {
  const log = (t: (s: number, i: number) => number) =>
    `session_id,item_id,timestamp\n${Array.from({ length: 40 }, (_, s) => [0, 1, 2].map((i) => `s${s},x${i},${t(s, i)}\n`).join('')).join('')}`

  test('that is only an order is not read as dates in 1970', async () => {
    const { report, data } = await load(
      await write(
        'order.csv',
        log((s, i) => 3 * s + i),
      ),
    )
    expect(report).toMatchObject({ time: 'order', from: null, to: null })
    expect(Array.from(data.times.subarray(0, 4))).toEqual([0, 1, 2, 3])
    const users = await write('order-users.csv', log((s, i) => 3 * s + i).replace('session_id', 'user_id'))
    await expect(load(users)).rejects.toThrow('sessions cannot be cut from user_id')
  })

  test('that counts clicks from the start of a day, or is a date, is not read as an hour', async () => {
    const day = 1_207_008_000
    const counted = await load(
      await write(
        'day.csv',
        log((s, i) => day + 86_400 * (s % 7) + 1 + i),
      ),
    )
    expect(counted.report).toMatchObject({ time: 'day', from: '2008-04-01T00:00:01.000Z' })
    const dates = log((s) => s).replace(/,(\d+)\n/g, (_, s) => `,2024-01-${10 + (Number(s) % 9)}\n`)
    expect((await load(await write('dates.csv', dates))).report.time).toBe('day')
  })

  test('in whole minutes is real, and rows in one minute keep their order', async () => {
    const text = log((s) => NOON + 60 * (7 * s))
    const real = await load(await write('minutes.csv', text))
    expect(real.report.time).toBe('real')
    expect(sessions(real)[0]).toEqual(['x0', 'x1', 'x2'])
  })
})

test('an aborted run stops and says so', async () => {
  const controller = new AbortController()
  const path = await write('long.csv', `session_id,item_id,timestamp\n${padding(300_000)}`)
  const reading = load(path, { signal: controller.signal, onProgress: () => controller.abort() })
  await expect(reading).rejects.toThrow(/abort/i)
})

const shared = process.env.NEARSIDE_SHARED ?? join(import.meta.dirname, '../../../../../shared')
const serenade = join(shared, 'datasets/serenade-example/train.tsv.gz')
test.skipIf(!existsSync(serenade))(
  'a real log is read completely (skipped if the shared data is absent)',
  async () => {
    const { report } = await load(serenade)
    expect(report).toMatchObject({ events: 106_137, sessions: 22_208, items: 17_676, time: 'real' })
  },
)
