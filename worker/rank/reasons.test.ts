import { describe, expect, it } from 'vitest'
import { toy } from '../fixtures/toy.js'
import type { RankedItems, WireEvent } from '../protocol.js'
import { explainer } from '../shape/explanation.js'
import { shape } from '../shape/shape.js'
import { ACCOUNTS } from './accounts.js'
import { answerRank, answerRecommend } from './answer.js'
import { knownBy } from './candidates.js'
import { type Evidence, gather } from './evidence.js'

const answerExplain = explainer(ACCOUNTS)

const model = toy()
const idOf = model.catalog.idOf
const steps = (...rows: number[]) => rows.map((row) => ({ row, weight: 1 }))
const known = (evidence: Evidence, ...unwanted: string[]) => ({
  ...knownBy(evidence),
  unwanted: new Set(unwanted),
})
const ids = Array.from({ length: 60 }, (_, i) => idOf((i * 37) % model.catalog.size))
const request = { ids, slot: 'home', limit: 24 }
const withReasons = { settings: { reasons: true } }

/** How often each of the visitor's items is named. */
function named({ reasons }: RankedItems): Record<string, number> {
  const times: Record<string, number> = {}
  for (const { item } of reasons.flat()) if (item !== undefined) times[item] = (times[item] ?? 0) + 1
  return times
}

describe('reasons', () => {
  it('of a ranked list are given only where they are asked for; picks have them unless they are not wanted', () => {
    const visitor = known(gather(model, steps(1, 2)))
    expect(answerRank(model, visitor, request).reasons.flat()).toEqual([])
    expect(answerRank(model, visitor, request, withReasons).reasons.every((one) => one.length > 0)).toBe(true)
    const picks = { slot: 's', limit: 8, exclude: [] }
    expect(answerRecommend(model, visitor, picks).reasons.every((one) => one.length > 0)).toBe(true)
    expect(answerRecommend(model, visitor, picks, { settings: { reasons: false } }).reasons.flat()).toEqual(
      [],
    )
  })

  it('name one item of the visitor a few times, and several items where there are several', () => {
    for (const session of [steps(1), steps(1, 2), steps(9, 30, 70, 12)]) {
      const answer = answerRecommend(model, known(gather(model, session)), {
        slot: 's',
        limit: 24,
        exclude: [],
      })
      const times = named(answer)
      expect(Math.max(...Object.values(times))).toBeLessThanOrEqual(3)
      expect(Object.keys(times).length).toBeGreaterThanOrEqual(Math.min(session.length, 2))
      for (const reason of answer.reasons.flat()) expect(reason.weight).toBeGreaterThanOrEqual(0.15)
      expect(answer.reasons.every((one) => one.length > 0)).toBe(true)
    }
  })

  it('say of a cold list that it is popular, and of the shop’s own list that the shop made it', () => {
    const cold = known(gather(model, []))
    const picks = answerRecommend(model, cold, { slot: 's', limit: 5, exclude: [] })
    expect(picks.reasons.map(([reason]) => reason?.code)).toEqual(new Array(5).fill('popular'))
    const ranked = answerRank(model, cold, request, withReasons)
    expect(new Set(ranked.reasons.map(([reason]) => reason?.code))).toEqual(new Set(['shop']))
  })

  it('never name what the visitor does not want', () => {
    const visitor = known(gather(model, steps(1, 2)), idOf(2))
    const picks = answerRecommend(model, visitor, { slot: 's', limit: 24, exclude: [] })
    expect(Object.keys(named(picks))).toEqual([idOf(1)])
    for (const id of picks.ids.slice(0, 5)) {
      const { because } = answerExplain(model, visitor, id)
      expect(because.map(({ item }) => item)).not.toContain(idOf(2))
    }
  })
})

describe('an explanation', () => {
  const evidence = gather(model, steps(11, 12), [{ row: 40, strength: 1 }])
  const event = (item_id: string, name: WireEvent['name'], time: number): WireEvent => ({
    id: `${time}`,
    name,
    time,
    items: [{ item_id }],
  })
  const visitor = {
    ...known(evidence),
    events: [
      event(idOf(11), 'view_item', 1),
      event(idOf(12), 'view_item_list', 2),
      event(idOf(12), 'view_item', 3),
      event(idOf(12), 'add_to_cart', 4),
    ],
  }
  const rule = { kind: 'pin' as const, name: 'deal', position: 0, where: { ids: [ids[50]!] } }
  const rules = { settings: { rules: [rule] }, shape }
  const items = answerRank(model, visitor, { ...request, limit: 60 }, rules)
  const given = [{ requestId: 'r', slot: 'home', items }]

  it('is about the last list with the item: its position, and a score that its terms sum to', () => {
    for (const position of [1, 5, 20]) {
      const { list } = answerExplain(model, visitor, items.ids[position]!, {}, given)
      expect(list).toMatchObject({ requestId: 'r', slot: 'home', position })
      const sum = list!.terms.reduce((sum, { value }) => sum + value, 0)
      expect(sum).toBeCloseTo(items.scores[position]!, 5)
    }
    expect(answerExplain(model, visitor, idOf(11)).list).toBeUndefined()
  })

  it('says what the visitor did with the items behind it', () => {
    const { because } = answerExplain(model, visitor, items.ids[1]!, {}, given)
    const cart = because.find(({ item }) => item === idOf(12))
    expect(cart?.events).toEqual([
      { name: 'view_item', time: 3 },
      { name: 'add_to_cart', time: 4 },
    ])
  })

  it('says where the item would be without each of them', () => {
    const [first] = answerExplain(model, visitor, items.ids[1]!, {}, given).because
    const row = model.catalog.rowOf(first!.item)
    const others = gather(model, steps(...[11, 12].filter((one) => one !== row)), [{ row: 40, strength: 1 }])
    const again = answerRank(model, { ...visitor, evidence: others }, { ...request, limit: 60 }, rules)
    expect(first!.without).toBe(again.ids.indexOf(items.ids[1]!))
    expect(first!.without).toBeGreaterThan(1)
  })

  it('says that an item would not be in the list at all', () => {
    const picks = answerRecommend(model, visitor, { slot: 's', limit: 4, exclude: [] })
    const because = picks.ids.flatMap(
      (id) => answerExplain(model, visitor, id, {}, [{ requestId: 'p', slot: 's', items: picks }]).because,
    )
    expect(because.map(({ without }) => without)).toContain(null)
  })

  it('tells the rules that moved the item', () => {
    expect(items.ids[0]).toBe(ids[50])
    expect(answerExplain(model, visitor, ids[50]!, {}, given).rules).toEqual([
      { name: 'deal', kind: 'pin', effect: 'pinned' },
    ])
    expect(answerExplain(model, visitor, items.ids[20]!, {}, given).rules).toBeUndefined()
  })
})
