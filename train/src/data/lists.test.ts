import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { loadLog } from './load/load.js'

const folder = mkdtempSync(join(tmpdir(), 'lists-'))
afterAll(() => rmSync(folder, { recursive: true }))

async function listsOf(header: string, ...rows: string[]) {
  const path = join(folder, 'log.csv')
  writeFileSync(path, [header, ...rows, ''].join('\n'))
  const { data, lists } = await loadLog({ events: [path], lists: true })
  const told = lists?.names.map((name, n) => {
    const [from, to] = [lists.offsets[n]!, lists.offsets[n + 1]!]
    const entries = Array.from(lists.items.subarray(from, to), (item, i) => {
      const click = lists.clicked[from + i] ? '*' : ''
      return `${lists.positions[from + i]}${lists.ids[item]}${click}`
    })
    return { name, entries: entries.join(' '), session: lists.sessions[n], before: lists.before[n] }
  })
  return { data, told }
}

const T = 1_700_000_000

test('a list is read with what was clicked in it, and where it stands in its session', async () => {
  const { data, told } = await listsOf(
    'session_id,item_id,timestamp,event_type,position,list,request_id',
    `s,x,${T},view_item,,,`,
    `s,b,${T + 10},view_item_list,2,home,r1`,
    `s,a,${T + 10},view_item_list,1,home,r1`,
    `s,b,${T + 20},select_item,2,home,r1`,
    `s,b,${T + 21},view_item,,,`,
    `s,c,${T + 30},view_item_list,1,similar,r2`,
    `other,a,${T + 40},view_item_list,1,home,r3`,
  )
  expect(told).toEqual([
    { name: 'home', entries: '0a 1b*', session: 0, before: 1 },
    { name: 'similar', entries: '0c', session: 0, before: 3 },
    { name: 'home', entries: '0a', session: -1, before: 0 },
  ])
  expect([...data.rows].map((row) => data.ids[row])).toEqual(['x', 'b', 'b'])
  // The view that follows is of an item that the list had shown, too.
  expect([...data.places!]).toEqual([-1, 1, 1])
})

test('without request_id, what a session was shown at one time is a list, and its clicks follow within half an hour', async () => {
  const { data, told } = await listsOf(
    'session_id,item_id,timestamp,event_type',
    `s,a,${T},impression`,
    `s,b,${T},impression`,
    `s,b,${T + 60},impression`,
    `s,b,${T + 90},click`,
    `s,a,${T + 5000},click`,
  )
  expect(told?.map(({ entries }) => entries)).toEqual(['0a 1b', '0b*'])
  expect([...data.places!]).toEqual([0, -1])
})

test('a log without impressions shows no lists', async () => {
  const { data, told } = await listsOf(
    'session_id,item_id,timestamp,position',
    `s,a,${T},3`,
    `s,b,${T + 1},1`,
  )
  expect(told).toBeUndefined()
  expect(data.places).toBeUndefined()
})
