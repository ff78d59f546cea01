/** Catalogues in the forms that shops write, read together with a log. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Log, type LogOptions, loadLog } from './load/load.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'catalogue-test-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function write(name: string, content: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}

function load(events: string, options: Partial<LogOptions>): Promise<Log> {
  return loadLog({ events: [events], ...options })
}

const csv = 'session_id,item_id,timestamp\na,x,1700049620\nb,y,1700049600\na,y,1700049610\nb,x,1700049690\n'

describe('catalogue', () => {
  test('adds its items, its known columns and its other columns', async () => {
    const events = await write('shop.csv', csv)
    const catalogue = await write(
      'items.csv',
      `item_id,Title,price,available,added,url,colour\nx,"Lamp, red",12.5,true,2024-01-02,/lamp,red\nw,Chair,,no,,https://shop.example/w,\n`,
    )
    const { data, catalogue: facts, report } = await load(events, { catalogue })
    expect(data.ids).toEqual(['w', 'x', 'y'])
    expect(facts).toMatchObject({
      title: ['Chair', 'Lamp, red', undefined],
      available: [false, true, undefined],
      url: ['https://shop.example/w', '/lamp', undefined],
    })
    expect(Array.from(facts!.price!)).toEqual([Number.NaN, 12.5, Number.NaN])
    expect(facts!.added![1]).toBe(Date.UTC(2024, 0, 2) / 1000)
    expect(facts!.attributes.get('colour')).toEqual([undefined, 'red', undefined])
    expect(report).toMatchObject({ items: 3, catalogue: { rows: 2, items: 2 } })
  })

  test('keeps columns of any name, also the names that our own tables use', async () => {
    const header = ['item_id', 'row', 'item', 'reason', 'pos', 'flaw', 'detail', 'Colour', 'colour', 'a "b"']
    const path = await write(
      'names.csv',
      `${header.join()}\nx,1,2,3,4,5,6,7,8,9\n`.replace('a "b"', '"a ""b"""'),
    )
    const { catalogue, report } = await load(await write('shop.csv', csv), { catalogue: path })
    expect(report.catalogue).toMatchObject({ rows: 1, items: 1, bad: { rows: 0 } })
    expect(Array.from(catalogue!.attributes, ([name, values]) => [name, values[0]])).toEqual(
      header.slice(1).map((name, i) => [name, String(i + 1)]),
    )
  })

  test('reports its bad rows by file and line too', async () => {
    const filler = Array.from({ length: 100 }, (_, i) => `f${i},1,/f${i}\n`).join('')
    const path = await write(
      'bad-items.csv',
      `item_id,price,url\n${filler}a,12 EUR,/a\nb,1,javascript:alert(1)\nf1,1,/again\n`,
    )
    const { report } = await load(await write('shop.csv', csv), { catalogue: path })
    expect(report.catalogue!.bad.named).toEqual([
      `${path}:102: price "12 EUR" is not a number`,
      `${path}:103: url "javascript:alert(1)" is neither http(s) nor relative`,
      `${path}:104: item_id "f1" is listed twice`,
    ])
  })
})
