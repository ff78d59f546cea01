import { describe, expect, it } from 'vitest'
import { shop } from '../../fixtures/shop.js'
import type { Attributes, RankedItems, Rule, WireEvent } from '../../protocol.js'
import { ACCOUNTS } from '../../rank/accounts.js'
import { answerRank, answerRecommend, answerSimilar } from '../../rank/answer.js'
import { contextOf, effectsOn, knownBy } from '../../rank/candidates.js'
import { gather } from '../../rank/evidence.js'
import { rank } from '../../rank/pipeline.js'
import { explainer } from '../explanation.js'
import { createSettings } from '../settings.js'
import { shape } from '../shape.js'

const answerExplain = explainer(ACCOUNTS)

const BRANDS = ['acme', 'bolt', 'coil']
/** Row 0 is acme, 1 bolt, 2 coil, 3 acme, and so on; rows 100 and later are not available. */
const model = shop((row) => ({
  brand: BRANDS[row % 3]!,
  category: row % 2 ? 'Home > Kitchen' : 'Homeware',
  price: row,
  available: row < 100,
  added: `2026-01-${String(1 + (row % 28)).padStart(2, '0')}`,
}))
const { catalog } = model
const nothing = gather(model, [])
const somebody = gather(model, [
  { row: 3, weight: 1 },
  { row: 9, weight: 1 },
])
const ids = (...rows: number[]) => rows.map((row) => catalog.idOf(row))
const rowsOf = (answer: RankedItems) => answer.ids.map((id) => catalog.rowOf(id))
const NOW = Date.UTC(2026, 0, 31)
const DAY = 86_400_000

/** Settings with these rules, as the engine makes them. */
function saying(...rules: unknown[]) {
  const troubles: string[] = []
  const settings = createSettings({ ranking: { rules: rules as Rule[] } }, (m) => troubles.push(m))({
    slot: '',
  })
  expect(troubles).toEqual([])
  return { settings, shape }
}

interface Asked {
  limit?: number
  facts?: Attributes[]
  fixed?: number[]
  events?: WireEvent[]
  unwanted?: string[]
}

/** Ranks rows of the catalogue for a visitor of whom nothing is known, so that the server's order stands without rules. */
function ranked(
  rows: number[],
  rules: unknown[],
  { limit = rows.length, facts, fixed, ...rest }: Asked = {},
) {
  const known = { ...knownBy(nothing), now: NOW, ...rest, unwanted: new Set(rest.unwanted) }
  return answerRank(model, known, { ids: ids(...rows), slot: '', limit, facts, fixed }, saying(...rules))
}

function recommended(rules: unknown[], limit = 10, events: WireEvent[] = []) {
  const known = { ...knownBy(somebody), now: NOW, events }
  return answerRecommend(model, known, { slot: '', limit, exclude: [] }, saying(...rules))
}

function event(name: WireEvent['name'], row: number, daysAgo: number): WireEvent {
  return { id: `${name}${row}`, name, time: NOW - daysAgo * DAY, items: [{ item_id: catalog.idOf(row) }] }
}

const cheap = { attribute: 'price', below: 10 }
const acme = { attribute: 'brand', is: 'acme' }

describe('in a list of the shop', () => {
  it('sends items that are not available to the end, by the pack or by the page', () => {
    expect(rowsOf(ranked([1, 150, 2], []))).toEqual([1, 2, 150])
    expect(rowsOf(ranked([1, 2, 3], [], { facts: [{ available: false }, {}, {}] }))).toEqual([2, 3, 1])
    expect(rowsOf(ranked([150, 1], [], { facts: [{ available: true }, {}] }))).toEqual([150, 1])
  })

  it('leaves the order alone where the shop switches that off', () => {
    expect(rowsOf(ranked([1, 150, 2], [{ kind: 'available', off: true }]))).toEqual([1, 150, 2])
  })

  it('leaves items out only where a rule says so', () => {
    const rule = { kind: 'exclude', where: cheap }
    expect(rowsOf(ranked([1, 50, 2, 60], [rule]))).toEqual([50, 60, 1, 2])
    const answer = ranked([1, 50, 2, 60], [{ ...rule, remove: true }])
    expect(rowsOf(answer)).toEqual([50, 60])
    expect([...answer.order!]).toEqual([1, 3])
    expect(answer.scores.length).toBe(2)
  })

  it('never leaves out everything, and says that the rule does not hold', () => {
    const answer = ranked([1, 2, 3], [{ kind: 'exclude', where: cheap, remove: true, name: 'dear only' }])
    expect(rowsOf(answer)).toEqual([1, 2, 3])
    expect(answer.broken).toEqual([{ rule: 'dear only', kind: 'exclude', items: 3 }])
  })

  it('pins the best item of a condition, counted from 0', () => {
    const pin = { kind: 'pin', where: { attribute: 'brand', is: 'coil' }, position: 1 }
    expect(rowsOf(ranked([0, 1, 3, 4, 5, 8], [pin]))).toEqual([0, 5, 1, 3, 4, 8])
  })

  it('lets the later of two pins have the position, and reports the earlier', () => {
    const pins = [5, 8].map((row) => ({
      kind: 'pin',
      where: { ids: ids(row) },
      position: 0,
      name: `pin ${row}`,
    }))
    const answer = ranked([0, 5, 8], pins)
    expect(rowsOf(answer)).toEqual([8, 0, 5])
    expect(answer.broken).toEqual([{ rule: 'pin 5', kind: 'pin', items: 1 }])
  })

  it('never pins an item that is not available', () => {
    const answer = ranked([1, 2, 150], [{ kind: 'pin', where: { ids: ids(150) }, position: 0 }])
    expect(rowsOf(answer)).toEqual([1, 2, 150])
    expect(answer.broken).toHaveLength(1)
  })

  it('buries and boosts', () => {
    expect(rowsOf(ranked([0, 1, 2, 3], [{ kind: 'bury', where: acme }]))).toEqual([1, 2, 0, 3])
    // The sixth item of a list comes to the third place with factor 2.
    const boost = { kind: 'boost', where: { ids: ids(10) }, factor: 2 }
    expect(rowsOf(ranked([0, 1, 2, 3, 4, 10], [boost])).indexOf(10)).toBe(3)
  })

  it('caps a value within the first positions; the items over it come right behind them', () => {
    const cap = { kind: 'cap', by: 'brand', most: 1, within: 3 }
    expect(rowsOf(ranked([0, 3, 6, 1, 4, 2], [cap]))).toEqual([0, 1, 2, 3, 6, 4])
  })

  it('says so when a cap cannot hold because one brand is left', () => {
    const answer = ranked([0, 3, 6, 9], [{ kind: 'cap', by: 'brand', most: 1, within: 3, name: 'mixed' }])
    expect(rowsOf(answer)).toEqual([0, 3, 6, 9])
    expect(answer.broken).toEqual([{ rule: 'mixed', kind: 'cap', items: 2 }])
  })

  it('fills a minimum share with the best of its items, at the end of the first positions', () => {
    const share = { kind: 'share', where: acme, least: 0.5, within: 4 }
    expect(rowsOf(ranked([1, 2, 4, 5, 0, 3, 6], [share]))).toEqual([1, 2, 0, 3, 4, 5, 6])
    const short = ranked([1, 2, 4, 5, 0], [{ ...share, name: 'ours' }])
    expect(rowsOf(short).slice(0, 4)).toContain(0)
    expect(short.broken).toEqual([{ rule: 'ours', kind: 'share', items: 1 }])
  })

  it('moves nothing that the visitor has seen in its place', () => {
    const rules = [
      { kind: 'exclude', where: { ids: ids(1) }, name: 'not this' },
      { kind: 'pin', where: { ids: ids(4) }, position: 0 },
    ]
    const answer = ranked([1, 2, 3, 4], rules, { fixed: [0, 1] })
    expect(rowsOf(answer).slice(0, 2)).toEqual([1, 2])
    expect(answer.broken!.map(({ kind }) => kind)).toEqual(['exclude', 'pin'])
  })

  it('hides what was bought until it is usually bought again', () => {
    const events = [event('purchase', 1, 20), event('purchase', 2, 20), event('purchase', 3, 20)]
    const facts = [{ repurchase: 10 }, { repurchase: 30 }, {}, {}]
    const hide = { kind: 'hide', what: 'bought' }
    expect(rowsOf(ranked([1, 2, 3, 4], [hide], { facts, events }))).toEqual([1, 4, 2, 3])
    expect(rowsOf(ranked([1, 2, 3, 4], [{ ...hide, days: 5 }], { facts, events }))).toEqual([1, 2, 3, 4])
  })

  it('does not hide what was sent back', () => {
    const events = [event('purchase', 1, 20), event('refund', 1, 2)]
    expect(rowsOf(ranked([1, 2], [{ kind: 'hide', what: 'bought' }], { events }))).toEqual([1, 2])
  })

  it('hides what was seen lately, but not impressions', () => {
    const events = [event('view_item', 1, 1), event('view_item', 2, 9), event('view_item_list', 3, 1)]
    expect(rowsOf(ranked([1, 2, 3], [{ kind: 'hide', what: 'seen', days: 7 }], { events }))).toEqual([
      2, 3, 1,
    ])
  })

  it('adds nothing to a list, not even to an empty one', () => {
    const pin = { kind: 'pin', where: { ids: ids(5) }, position: 0, name: 'item of the week' }
    expect(ranked([], [pin]).ids).toEqual([])
    expect(rowsOf(ranked([1, 2], [pin]))).toEqual([1, 2])
  })

  it('knows the pack’s attributes of an item that is in the list twice', () => {
    expect(rowsOf(ranked([0, 0, 1], [{ kind: 'exclude', where: acme }]))).toEqual([1, 0, 0])
  })

  it('puts what the visitor does not want behind what is not available, and before what the shop excludes', () => {
    const rules = [{ kind: 'exclude', where: { ids: ids(7) } }]
    expect(rowsOf(ranked([7, 1, 150, 2], rules, { unwanted: ids(1) }))).toEqual([2, 150, 1, 7])
  })

  it('resolves conflicts as the documentation says', () => {
    const [a1, a2, a3, b1, b2, c] = [0, 3, 6, 1, 4, 2] as const
    const rules = [
      { kind: 'cap', by: 'brand', most: 1, within: 3 },
      { kind: 'pin', where: acme, position: 1 },
      { kind: 'share', where: acme, least: 0.5, within: 4 },
    ]
    const facts = [{}, {}, {}, { available: false }, {}, {}]
    const answer = ranked([a1, a2, a3, b1, b2, c], rules, { facts })
    expect(rowsOf(answer)).toEqual([b2, a1, c, a2, a3, b1])
    expect(answer.broken).toBeUndefined()
  })

  it('keeps a record of what each rule did', () => {
    const rules = [
      { kind: 'pin', where: { ids: ids(2) }, position: 0, name: 'of the week' },
      { kind: 'bury', where: { ids: ids(1) }, name: 'old' },
      { kind: 'cap', by: 'brand', most: 1, within: 2, name: 'mixed' },
    ]
    const list = rank(
      contextOf(model, knownBy(nothing), { ids: ids(1, 5, 0, 2), limit: 4, ...saying(...rules) }),
    )
    expect([...list.rows]).toEqual([2, 0, 5, 1])
    expect([0, 1, 2, 3].map((i) => effectsOn(list, i))).toEqual([
      [{ name: 'of the week', kind: 'pin', effect: 'pinned' }],
      [],
      [{ name: 'mixed', kind: 'cap', effect: 'down' }],
      [{ name: 'old', kind: 'bury', effect: 'down' }],
    ])
  })
})

it('an explanation says which rules concern an item, also one that the pack does not know', () => {
  const rules = [
    { kind: 'bury', where: { ids: [...ids(0), 'stranger'] }, name: 'old' },
    { kind: 'boost', where: acme, factor: 2, name: 'ours' },
    { kind: 'include', where: { attribute: 'price', above: -1 }, name: 'priced' },
  ]
  const rulesOn = (id: string) => answerExplain(model, knownBy(nothing), id, saying(...rules)).rules
  expect(rulesOn(catalog.idOf(0))).toEqual([
    { name: 'old', kind: 'bury', effect: 'down' },
    { name: 'ours', kind: 'boost', effect: 'up' },
  ])
  expect(rulesOn(catalog.idOf(1))).toBeUndefined()
  expect(rulesOn('stranger')!.map(({ name }) => name)).toEqual(['old', 'priced'])
})

describe('where the engine chooses', () => {
  it('recommends nothing that is not available, and fills the list with others', () => {
    const rows = rowsOf(recommended([], 60))
    expect(rows).toHaveLength(60)
    expect(rows.every((row) => row < 100)).toBe(true)
    expect(rowsOf(recommended([{ kind: 'available', off: true }], 60)).some((row) => row >= 100)).toBe(true)
  })

  it('looks as deep as it must', () => {
    // Row 5 is rare: nobody may recommend it.
    const answer = recommended([{ kind: 'include', where: { attribute: 'price', atMost: 19 } }], 19)
    expect(rowsOf(answer).sort((a, b) => a - b)).toEqual([...Array(20).keys()].filter((row) => row !== 5))
    expect(answer.broken).toBeUndefined()
  })

  it('keeps to a cap with a shorter list where nothing else is left', () => {
    const rules = [
      { kind: 'include', where: acme },
      { kind: 'cap', by: 'brand', most: 2, within: 8 },
    ]
    expect(recommended(rules, 8).ids).toHaveLength(2)
  })

  it('shows a pinned item that nothing else speaks for', () => {
    const pin = { kind: 'pin', where: { ids: ids(5) }, position: 2 }
    const answer = recommended([pin], 4)
    expect(answer.ids[2]).toBe(catalog.idOf(5))
    expect(answer.sources[2]).toBe('rule')
  })

  it('is never empty where there was something, and says what does not hold', () => {
    const answer = recommended(
      [{ kind: 'include', where: { attribute: 'brand', is: 'none' }, name: 'ours' }],
      5,
    )
    expect(answer.ids).toHaveLength(5)
    expect(answer.broken).toEqual([{ rule: 'ours', kind: 'include', items: 5 }])
  })

  it('hides what was seen from similar items', () => {
    const known = { ...knownBy(somebody), now: NOW, events: [event('view_item', 9, 1)] }
    const ask = (...rules: unknown[]) =>
      rowsOf(
        answerSimilar(
          model,
          known,
          { slot: '', id: catalog.idOf(3), limit: 200, exclude: [] },
          saying(...rules),
        ),
      )
    expect(ask()).toContain(9)
    expect(ask({ kind: 'hide', what: 'seen' })).not.toContain(9)
  })
})

describe('conditions', () => {
  const matching = (where: unknown, facts: Attributes[] = []) =>
    rowsOf(ranked([...Array(12).keys()], [{ kind: 'include', where, remove: true }], { facts }))

  it('compare numbers, dates and paths', () => {
    expect(matching({ attribute: 'price', above: 2, atMost: 4 })).toEqual([3, 4])
    expect(matching({ attribute: 'price', is: [1, '7'] })).toEqual([1, 7])
    expect(matching({ attribute: 'added', atLeast: '2026-01-11' })).toEqual([10, 11])
    expect(matching({ attribute: 'added', lastDays: 20 })).toEqual([10, 11])
    // "Homeware" is not below "Home".
    expect(matching({ attribute: 'category', under: 'Home' })).toEqual([1, 3, 5, 7, 9, 11])
    expect(matching({ ids: ids(4, 299) })).toEqual([4])
    expect(
      matching({ any: [{ ids: ids(4) }, { all: [acme, { not: { attribute: 'price', above: 3 } }] }] }),
    ).toEqual([0, 3, 4])
    expect(matching({ source: 'server' })).toHaveLength(12)
  })

  it('read what the page says before what the pack says, and lists value by value', () => {
    const facts: Attributes[] = [{ sizes: ['S', 'M'] }, { sizes: ['L'] }, { brand: 'acme' }]
    expect(matching({ attribute: 'sizes', is: 'M' }, facts)).toEqual([0])
    expect(matching({ attribute: 'sizes', known: true }, facts)).toEqual([0, 1])
    expect(matching({ all: [acme, { attribute: 'price', below: 3 }] }, facts)).toEqual([0, 2])
  })

  it('hold for nothing unknown, whatever the name', () => {
    for (const attribute of ['__proto__', 'constructor', 'toString', 'nothing']) {
      // Nothing matches, so nothing is left out.
      expect(matching({ attribute, known: true }, [{}])).toHaveLength(12)
      expect(matching({ attribute, known: false }, [{}])).toHaveLength(12)
      expect(matching({ all: [{ attribute, known: true }, acme] }, [{}])).toHaveLength(12)
    }
  })
})

describe('rules on a very long list', () => {
  const rows = Array.from({ length: 10_000 }, (_, i) => i % 99)
  const facts = rows.map((_, i) => ({ brand: BRANDS[i % 3]! }))
  const within = 9999

  it.each<Rule>([
    { kind: 'cap', by: 'brand', most: 1, within },
    { kind: 'share', where: { attribute: 'brand', is: 'none' }, least: 1, within },
  ])('take no longer for each position than on a short one: $kind', (rule) => {
    const begin = performance.now()
    const { ids } = ranked(rows, [rule], { facts })
    expect(ids).toHaveLength(rows.length)
    // Some 100 ms here. Looking at all items for each position takes more than 10 seconds.
    expect(performance.now() - begin).toBeLessThan(3000)
  })
})

it('a cap that removes holds for items that another cap has held back', () => {
  // The second item waits because of its colour. When its turn comes, another bolt is in the list.
  const facts: Attributes[] = [
    { brand: 'acme', colour: 'red' },
    { brand: 'bolt', colour: 'red' },
    { brand: 'bolt', colour: 'blue' },
  ]
  const rules = [
    { kind: 'cap', by: 'colour', most: 1, within: 10 },
    { kind: 'cap', by: 'brand', most: 1, within: 10, remove: true },
  ]
  const list = ranked([0, 1, 2], rules, { facts })
  expect(rowsOf(list)).toEqual([0, 2])
  expect(list.broken).toBeUndefined()
})
