import { expect, test } from 'vitest'
import { basketOf } from '../feedback/basket.js'
import { toy } from '../fixtures/toy.js'
import type { EventName, WireEvent } from '../protocol.js'
import { createSettings } from '../shape/settings.js'
import { answerRecommend } from './answer.js'
import { knownBy } from './candidates.js'
import { gather } from './evidence.js'

const model = toy()
const id = (row: number) => model.catalog.idOf(row)
const NOW = 1.8e12

function did(name: EventName, row: number, minutesAgo: number): WireEvent {
  return { id: `${name} ${row}`, name, time: NOW - minutesAgo * 60_000, items: [{ item_id: id(row) }] }
}

const events = [
  did('add_to_cart', 40, 600),
  did('add_to_cart', 10, 9),
  did('add_to_cart', 11, 8),
  did('add_to_cart', 12, 7),
  did('add_to_cart', 13, 6),
  did('remove_from_cart', 12, 5),
  did('purchase', 13, 4),
]

test('a basket holds what this visit has put in and neither taken out nor bought', () => {
  expect(basketOf(events, NOW)).toEqual([id(10), id(11)])
})

test('a list with the head goes-with and no seeds is for the basket', () => {
  const known = { ...knownBy(gather(model, [])), events, now: NOW }
  const request = { slot: 'cart', limit: 10, exclude: [] }
  const seeded = answerRecommend(model, known, { ...request, seeds: [id(10), id(11)] })
  expect(answerRecommend(model, known, request, { settings: { head: 'goes-with' } })).toEqual(seeded)
  expect(answerRecommend(model, known, request)).not.toEqual(seeded)
  const empty = { ...known, events: [] }
  expect(answerRecommend(model, empty, request, { settings: { head: 'goes-with' } })).toEqual(
    answerRecommend(model, empty, request),
  )
})

test('a head that does not exist is told once and ignored', () => {
  const said: string[] = []
  const settingsOf = createSettings(
    { ranking: { head: 'home' }, slots: { cart: { head: 'chart' as 'home' } } },
    (message) => said.push(message),
  )
  expect(settingsOf({ slot: 'cart' }).head).toBe('home')
  settingsOf({ slot: 'cart' })
  expect(said).toEqual(['head of slot cart: expected home, similar, goes-with; it is ignored.'])
})
