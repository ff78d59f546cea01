import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { warnOfUnknown } from '../../worker/engine/options.js'
import { EVENT_NAMES } from '../../worker/feedback/signals.js'
import { toWire } from '../event.js'
import { closest } from './closest.js'
import { debug, OPTIONS, USED } from './debug.js'

const lines: string[] = []
beforeEach(() => {
  lines.length = 0
  vi.spyOn(console, 'info').mockImplementation((line) => void lines.push(line))
})
afterEach(() => void vi.restoreAllMocks())

function tracked(name: unknown, details?: unknown, consent: 'granted' | 'denied' = 'granted'): string[] {
  const event = consent === 'denied' ? undefined : toWire('1', name, details)
  debug({ pack: '/p/' })({ type: 'track', name, details, event, consent })
  return lines.splice(0)
}

const items = [{ item_id: 'a' }]

it.each([
  [
    'a whole entry of GTM’s dataLayer',
    [{ event: 'view_item', ecommerce: { items } }],
    /track\(entry\.event, entry\.ecommerce\)/,
  ],
  ['nested ecommerce', ['view_item', { ecommerce: { items } }], /Pass details\.ecommerce/],
  [
    'another name for item_id',
    ['view_item', { items: [{ id: 'a' }] }],
    /1 of 1 items have no item_id, but id\./,
  ],
  ['a typo', ['view_itme', { items }], /did you mean view_item\./],
  ['capitals', ['addToCart', { items }], /did you mean add_to_cart\./],
  ['a name of no use', ['page_view', {}], /nearside uses view_item, /],
  ['an event about nothing', ['purchase', { value: 9 }], /about nothing\. Expected items/],
  ['a search without terms', ['view_search_results', {}], /Expected .*search_term/],
  ['the items alone', ['view_item', items], /got an array/],
  [
    'an id of the wrong type',
    ['view_item', { items: [{ item_id: {} }] }],
    /no item_id, but a value of type object/,
  ],
  [
    'an id that is too long',
    ['view_item', { items: [{ item_id: 'x'.repeat(300) }] }],
    /a text of 300 characters/,
  ],
  [
    'some items',
    ['view_item', { items: [...items, { sku: 'b' }] }],
    /view_item loses items: 1 of 2 items have no item_id, but sku/,
  ],
])('says in one line what is wrong with an event: %s', (_, [name, details], line) => {
  expect(tracked(name, details)).toEqual([expect.stringMatching(line)])
})

it('says nothing about an event that counts', () => {
  expect(tracked('view_item', { items })).toEqual([])
  expect(tracked('view_search_results', { search_term: 'lamp' })).toEqual([])
})

it('says that a refusal drops every event', () => {
  expect(tracked('view_item', { items }, 'denied')).toEqual([expect.stringMatching(/refused/)])
})

it('says why a list keeps the server’s order, and nothing about a list that is re-ordered', () => {
  const hear = debug({ pack: '/p/' })
  hear({ type: 'list', slot: 'home', by: 'server', why: 'focus' })
  hear({ type: 'list', slot: 'home', by: 'device' })
  hear({ type: 'list', slot: 'home', by: 'server', why: 'timeout' })
  hear({
    type: 'ranked',
    method: 'rank',
    slot: 'cart',
    by: 'server',
    why: 'timeout',
    requestId: '1',
    ms: 250,
  })
  expect(lines).toEqual([
    expect.stringMatching(/"home" keeps the server's order: the keyboard/),
    expect.stringMatching(/"cart" keeps the server's order: .*timeout/),
  ])
})

it('names the option that was meant', () => {
  debug({ pack: '/p/', tiemout: 9, max_pack_bytes: 9, whatever: 9 } as never)
  expect(lines).toEqual([
    expect.stringMatching(/tiemout .* timeout\?/),
    expect.stringMatching(/max_pack_bytes .* maxPackBytes\?/),
  ])
})

it('finds the closest name, or none', () => {
  const names = ['timeout', 'pack', 'key']
  expect(closest('tmieout', names)).toBe('timeout')
  expect(closest('time_out', names)).toBe('timeout')
  expect(closest('packs', names)).toBe('pack')
  expect(closest('colour', names)).toBeUndefined()
})

it('knows the events and options that the engine knows', () => {
  expect([...EVENT_NAMES].filter((name) => !USED.includes(name))).toEqual([])
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  warnOfUnknown(OPTIONS)
  expect(console.warn).not.toHaveBeenCalled()
})
