import { expect, test } from 'vitest'
import { MAX_EVENTS, MAX_ITEMS, validateEvents, validateLists } from './validate.js'

const NOW = Date.UTC(2025, 5, 1)
const view = { id: 'e1', name: 'view_item', time: NOW - 1000, items: [{ item_id: 'a' }] }
const check = (...input: unknown[]) => validateEvents(input, NOW)

test('a valid event passes with all its known fields, and no others', () => {
  const sound = {
    id: 'e1',
    name: 'view_search_results',
    time: NOW - 1000,
    items: [{ item_id: 'a', price: 0, quantity: 2, position: 3 }],
    query: 'blue lamp',
    slot: 'home',
    requestId: 'page-1',
  }
  const extra = { ...sound, visitor: 'Jane', items: [{ ...sound.items[0], item_name: 'Lamp' }] }
  expect(check(extra)).toEqual({ events: [sound], refused: [] })
})

test.each([
  ['no list at all', undefined],
  ['a string', 'view_item'],
  ['an object that looks like a list', { 0: view, length: 1 }],
])('%s yields nothing', (_, input) => {
  expect(validateEvents(input, NOW)).toEqual({ events: [], refused: [] })
})

test.each([
  ['an unknown name', { ...view, name: 'page_view' }],
  ['a name from the prototype', { ...view, name: 'constructor' }],
  ['an object for a name', { ...view, name: { toString: (): string => 'view_item' } }],
  ['no item', { ...view, items: [] }],
  ['items that are none', { ...view, items: [null, 7, 'a', {}, { item_id: '' }, { item_id: 7 }] }],
  ['an item id with a control character', { ...view, items: [{ item_id: 'a\u0000' }] }],
  ['an item id of 257 characters', { ...view, items: [{ item_id: 'a'.repeat(257) }] }],
])('an event with %s is refused for good', (_, event) => {
  expect(check(event)).toEqual({ events: [], refused: ['e1'] })
})

test('an event without a valid id is dropped, and not listed as refused', () => {
  expect(check(null, 7, [], { ...view, id: 7 }, { ...view, id: undefined })).toEqual({
    events: [],
    refused: [],
  })
  expect(check({ ...view, id: 'x'.repeat(129) }).events).toEqual([])
})

test('one bad event does not affect the others', () => {
  const { events, refused } = check({ ...view, id: 'bad', name: '?' }, view)
  expect(events.map(({ id }) => id)).toEqual(['e1'])
  expect(refused).toEqual(['bad'])
})

test('preferences pass in the form that the engine reads, and nothing else of them', () => {
  const prefer = {
    categories: ['Lamps', 7, ''],
    brands: 'Ay',
    price: { min: 5, max: {}, currency: 'EUR' },
    age: 30,
  }
  const { events } = check({ ...view, name: 'prefer', prefer })
  expect(events[0]).toEqual({
    ...view,
    name: 'prefer',
    prefer: { categories: ['Lamps'], price: { min: 5 } },
  })
  const many = { brands: Array.from({ length: 99 }, (_, i) => `brand ${i}`) }
  expect(check({ ...view, name: 'prefer', prefer: many }).events[0]?.prefer?.brands).toHaveLength(50)
})

test.each([undefined, null, 'Lamps', {}, { categories: [], price: {} }])(
  'preferences of %j are empty: the visitor takes back the earlier ones',
  (prefer) => {
    expect(check({ ...view, name: 'prefer', items: [], prefer }).events[0]).toMatchObject({
      items: [],
      prefer: {},
    })
  },
)

test('numbers may be texts, as in a page’s outbox', () => {
  const items = [{ item_id: 'a', price: '12.5', position: '0' }]
  expect(check({ ...view, time: `${view.time}`, items }).events).toEqual([
    { ...view, items: [{ item_id: 'a', price: 12.5, position: 0 }] },
  ])
})

test('preferences pass in the flat form in which pages send them', () => {
  const flat = { categories: 'Lamps\nMugs', brands: '', min: '5', max: 20 }
  expect(check({ ...view, name: 'prefer', ...flat }).events[0]).toEqual({
    ...view,
    name: 'prefer',
    prefer: { categories: ['Lamps', 'Mugs'], price: { min: 5, max: 20 } },
  })
})

test.each([NaN, Infinity, -1, 'twelve', '', null, {}])(
  'the price %s is left out, the item stays',
  (price) => {
    expect(check({ ...view, items: [{ item_id: 'a', price }] }).events[0]?.items).toEqual([{ item_id: 'a' }])
  },
)

test.each([
  ['in the future', NOW + 1],
  ['before clocks were set', 0],
  ['not a number', 'yesterday'],
  ['infinite', Infinity],
  ['missing', undefined],
])('a time %s becomes now, because the act was real', (_, time) => {
  expect(check({ ...view, time }).events[0]?.time).toBe(NOW)
})

test('preferences that are no texts count as none, even where they cannot become texts', () => {
  const odd = { toString: 5, valueOf: 5 }
  const prefer = { ...view, name: 'prefer', items: [], categories: odd, brands: 7, min: odd }
  expect(check(prefer, view).events).toMatchObject([{ name: 'prefer', prefer: {} }, { name: 'view_item' }])
})

test('the time for which an item was visible passes if it can be one', () => {
  const visible = (time: unknown) =>
    check({ ...view, name: 'user_engagement', visible: time }).events[0]?.visible
  expect(visible(1234)).toBe(1234)
  expect(visible(1e12)).toBe(86_400_000)
  for (const wrong of [-1, 'long', NaN, null]) expect(visible(wrong)).toBeUndefined()
})

test('long lists are cut', () => {
  const items = Array.from({ length: MAX_ITEMS + 5 }, (_, i) => ({ item_id: `i${i}` }))
  expect(check({ ...view, items }).events[0]?.items).toHaveLength(MAX_ITEMS)
  const many = Array.from({ length: MAX_EVENTS + 5 }, (_, i) => ({ ...view, id: `e${i}` }))
  // The rest is not refused, because the page may send it again.
  const { events, refused } = validateEvents(many, NOW)
  expect([events.length, refused.length]).toEqual([MAX_EVENTS, 0])
})

test('inherited properties do not count, and prototypes are not changed', () => {
  const inherited = Object.create(view) as unknown
  expect(check(inherited).events).toEqual([])
  const poisoned = JSON.parse(
    '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"id":"e1","name":"view_item",' +
      '"time":1,"items":[{"__proto__":{"price":3},"item_id":"a"}]}',
  ) as unknown
  const [event] = check(poisoned).events
  expect(event).toEqual({ id: 'e1', name: 'view_item', time: NOW, items: [{ item_id: 'a' }] })
  expect(event?.items[0]?.price).toBeUndefined()
  expect(({} as { polluted?: number }).polluted).toBeUndefined()
})

test('a valid list passes, with an empty text for an item without an id', () => {
  const list = { requestId: 'r1', slot: 'home', time: NOW - 1000, by: 'device', ids: ['a', '', 'b'] }
  expect(validateLists([{ ...list, visitor: 'Jane' }], NOW)).toEqual([list])
  expect(validateLists([{ ...list, ids: ['a', 7, 'x\n', null] }], NOW)[0]!.ids).toEqual(['a', '', '', ''])
  expect(validateLists([{ ...list, time: NOW + 1e9 }], NOW)[0]!.time).toBe(NOW)
  expect(validateLists([{ ...list, ids: Array(MAX_ITEMS + 5).fill('a') }], NOW)[0]!.ids).toHaveLength(
    MAX_ITEMS,
  )
})

test.each([
  ['no request', { requestId: '' }],
  ['no slot', { slot: undefined }],
  ['a stranger who ordered it', { by: 'somebody' }],
  ['no ids', { ids: 'a,b' }],
])('a list with %s is dropped', (_, flaw) => {
  const list = { requestId: 'r1', slot: 'home', time: NOW, by: 'server', ids: ['a'] }
  expect(validateLists([{ ...list, ...flaw }, null, 7], NOW)).toEqual([])
})

test('propensities of lists: from 0 to 1, one for each position; anything else counts as 0', () => {
  const list = { requestId: 'r', slot: 'home', time: 1e12, by: 'device', ids: ['a', 'b', 'c', 'd'] }
  const read = (propensities: unknown) => validateLists([{ ...list, propensities }])[0]!.propensities
  expect(read([1, 0.25, 0, 1])).toEqual([1, 0.25, 0, 1])
  expect(read([2, -1, '1', Number.NaN])).toEqual([0, 0, 0, 0])
  expect(read([1])).toBeUndefined()
  expect(read(undefined)).toBeUndefined()
})
