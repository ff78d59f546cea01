import { expect, test } from 'vitest'
import type { WireEvent } from '../protocol.js'
import { DAY_MS } from './log.js'
import { MemoryLog } from './memory.js'

const NOW = Date.UTC(2025, 5, 1)
const view = (id: string, time: number, ...items: string[]): WireEvent => ({
  id,
  name: 'view_item',
  time,
  items: items.map((item_id) => ({ item_id })),
})
const ids = async (log: MemoryLog) => (await log.all()).map(({ id }) => id)

test('an event is taken once, and events come back oldest first', async () => {
  const log = new MemoryLog()
  expect(await log.add([view('late', 20, 'a'), view('early', 10, 'a')])).toEqual(['late', 'early'])
  expect(await log.add([view('late', 30, 'b'), view('same time', 20, 'a')])).toEqual(['same time'])
  expect(await ids(log)).toEqual(['early', 'late', 'same time'])
  expect(await log.count()).toBe(3)
})

test('forgetting an item takes it out of every event', async () => {
  const log = new MemoryLog()
  await log.add([view('one', 1, 'a'), view('two', 2, 'a', 'b'), view('three', 3, 'b')])
  await log.removeItem('a')
  expect(await log.all()).toEqual([view('two', 2, 'b'), view('three', 3, 'b')])
})

test('events beyond the days and beyond the count are deleted', async () => {
  const log = new MemoryLog()
  await log.add([view('old', NOW - 2 * DAY_MS, 'a')])
  await log.add([1, 2, 3].map((n) => view(`${n}`, NOW - 10 + n, 'a')))
  await log.prune({ days: 1, events: 2 }, NOW)
  expect(await ids(log)).toEqual(['2', '3'])
})

test('after a clock that ran ahead is set right, order of arrival stands', async () => {
  const log = new MemoryLog()
  await log.add([view('before', NOW - 300, 'a')])
  await log.add([view('ahead 1', NOW + 9 * DAY_MS, 'a'), view('ahead 2', NOW + 8 * DAY_MS, 'a')])
  await log.add([view('after', NOW - 100, 'a')])
  await log.prune({ days: 1, events: 100 }, NOW)
  expect((await log.all()).map(({ id, time }) => [id, time - NOW])).toEqual([
    ['before', -300],
    ['ahead 1', -100],
    ['ahead 2', -100],
    ['after', -100],
  ])
})

test('a wiped log is empty and can be used again', async () => {
  const log = new MemoryLog()
  await log.add([view('one', 1, 'a')])
  await log.wipe()
  expect(await log.count()).toBe(0)
  expect(await log.add([view('one', 1, 'a')])).toEqual(['one'])
})
