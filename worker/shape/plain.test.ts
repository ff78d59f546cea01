import { expect, test } from 'vitest'
import { toy } from '../fixtures/toy.js'
import type { Attributes } from '../protocol.js'
import { answerRank, answerRecommend } from '../rank/answer.js'
import { knownBy } from '../rank/candidates.js'
import { gather } from '../rank/evidence.js'
import { AVAILABLE, PLAIN } from '../rank/plain.js'
import { seeded } from './draw.js'
import { shape } from './shape.js'

test('without rules of the shop, lists are those that its default rule makes', () => {
  const model = toy()
  const { catalog } = model
  for (let round = 0; round < 100; round++) {
    const draw = seeded(`round ${round}`)
    let n = 0
    const chance = (share: number) => draw(n++) < share
    const random = (most: number) => Math.floor(draw(n++) * most)
    const out = new Set(Array.from({ length: catalog.size }, (_, row) => row).filter(() => chance(0.3)))
    const stocked = {
      ...model,
      catalog: {
        ...catalog,
        attribute: (row: number, name: string) => (name === 'available' ? !out.has(row) : undefined),
      },
    }
    const rows = Array.from({ length: 30 }, () => (chance(0.1) ? -1 : random(catalog.size)))
    const ids = rows.map((row, i) => (row < 0 ? `stranger ${i}` : catalog.idOf(row)))
    const facts: (Attributes | undefined)[] = ids.map(() =>
      chance(0.1) ? { available: chance(0.5) } : undefined,
    )
    const fixed = [...ids.keys()].filter(() => chance(0.1))
    const limit = 1 + random(40)
    const unwanted = new Set(ids.filter(() => chance(0.1)))
    const steps = rows.filter((row) => row >= 0 && chance(0.2)).map((row) => ({ row, weight: 1 }))
    const visitor = { ...knownBy(gather(model, steps)), unwanted }
    const settings = { rules: [AVAILABLE] }
    const request = { ids, slot: '', limit, facts, fixed }
    expect(answerRank(stocked, visitor, request, { settings, shape: PLAIN })).toEqual(
      answerRank(stocked, visitor, request, { settings, shape }),
    )
    const picks = { slot: '', limit, exclude: ids.slice(0, 5) }
    expect(answerRecommend(stocked, visitor, picks, { settings, shape: PLAIN })).toEqual(
      answerRecommend(stocked, visitor, picks, { settings, shape }),
    )
  }
})
