import { describe, expect, it } from 'vitest'
import { toy } from '../fixtures/toy.js'
import type { GruTensors } from '../session/gru.js'
import { explainer } from '../shape/explanation.js'
import { ACCOUNTS } from './accounts.js'
import { answerRank, answerRecommend, answerSimilar } from './answer.js'
import { contextOf, knownBy } from './candidates.js'
import { type Evidence, gather } from './evidence.js'
import { rank } from './pipeline.js'
import { relevance } from './relevance.js'
import { retrieve } from './retrieve.js'

const answerExplain = explainer(ACCOUNTS)

const model = toy()
const { catalog } = model
const steps = (...rows: number[]) => rows.map((row) => ({ row, weight: 1 }))
const everything = Uint32Array.from({ length: catalog.size }, (_, row) => row)
const known = (evidence: Evidence, ...unwanted: string[]) => ({
  ...knownBy(evidence),
  unwanted: new Set(unwanted),
})

describe('retrieval', () => {
  it('finds what scoring the whole catalogue finds', () => {
    for (const session of [steps(1), steps(1, 2), steps(9, 30, 9, 70), steps(1, 2, 3, 4, 5, 6, 7)]) {
      const evidence = gather(model, session)
      const all = relevance(model, evidence, everything)
      const best = Array.from(everything)
        .sort((a, b) => all[b]! - all[a]! || a - b)
        .slice(0, 50)
      expect(Array.from(retrieve(model, evidence, 50).rows)).toEqual(best)
    }
  })

  it('leaves out excluded rows and still fills the list', () => {
    const evidence = gather(model, steps(3, 4))
    const excluded = new Set(retrieve(model, evidence, 100).rows)
    const { rows } = retrieve(model, evidence, 100, excluded)
    expect(rows.length).toBe(100)
    expect(Array.from(rows).filter((row) => excluded.has(row))).toEqual([])
  })

  it('never retrieves an excluded row, unless this session has it', () => {
    expect(Array.from(retrieve(model, gather(model, steps(1, 2)), 300).rows)).not.toContain(5)
    expect(Array.from(retrieve(model, gather(model, steps(5, 2)), 300).rows)).toContain(5)
  })
})

describe('re-ranking', () => {
  const ids = Array.from({ length: 60 }, (_, i) =>
    i % 7 === 3 ? `stranger${i}` : catalog.idOf((i * 37) % catalog.size),
  )
  /** Row 5 of the toy is too rare for a vector of its own. */
  const rare = catalog.idOf(5)
  const inPack = (i: number) => i % 7 !== 3 && ids[i] !== rare
  const orderOf = (evidence: Evidence, limit: number, by = model, list = ids) =>
    Array.from(rank(contextOf(by, knownBy(evidence), { ids: list, limit })).index)

  it('is a permutation that keeps unknown items in their places', () => {
    for (const limit of [0, 1, 10, 60, 1000]) {
      const order = orderOf(gather(model, steps(1, 2)), limit)
      expect([...order].sort((a, b) => a - b)).toEqual([...ids.keys()])
      for (const place of ids.keys()) if (!inPack(place)) expect(order[place]).toBe(place)
    }
  })

  it('keeps the server order behind the limit', () => {
    const rest = orderOf(gather(model, steps(1, 2)), 12)
      .slice(12)
      .filter(inPack)
    expect(rest).toEqual([...rest].sort((a, b) => a - b))
  })

  it('leaves the server order alone when nothing is known of the visitor', () => {
    expect(orderOf(gather(model, []), 60)).toEqual([...ids.keys()])
  })

  it('keeps a rare item in its place, until this visit has seen it', () => {
    const list = [catalog.idOf(60), rare, ...ids.filter((_, i) => inPack(i))]
    expect(orderOf(gather(model, steps(1, 2)), 60, model, list)[1]).toBe(1)
    const before = list.length - 1
    const last = [...ids.filter((_, i) => inPack(i)).slice(0, before), rare]
    const keen = { ...model, blend: { ...model.blend, rareBias: 50 } }
    expect(orderOf(gather(keen, steps(1, 5, 2)), 60, keen, last)[0]).toBe(last.length - 1)
  })

  it('leaves the server order alone when only a rare item was seen, but for that item', () => {
    const list = [...ids, rare]
    expect(
      orderOf(
        gather(model, steps(5)),
        100,
        { ...model },
        ids.filter((id) => id !== rare),
      ),
    ).toEqual([...ids.keys()].slice(0, ids.filter((id) => id !== rare).length))
    const again = { ...model, blend: { ...model.blend, repeat: new Float32Array([2]) } }
    const order = orderOf(gather(again, steps(5)), 100, again, list)
    expect(order[0]).toBe(list.length - 1)
    const others = order.slice(1).filter(inPack)
    expect(others).toEqual([...others].sort((a, b) => a - b))
  })

  it('trusts the scores of the server where the page gives them', () => {
    const twins = [catalog.idOf(60), catalog.idOf(61), catalog.idOf(62)]
    const scoreOf = (serverScores: number[]) => {
      const context = contextOf(model, knownBy(gather(model, steps(1, 2))), {
        ids: twins,
        serverScores: Float64Array.from(serverScores),
      })
      const list = rank(context)
      return twins.map((_, i) => list.score[list.index.indexOf(i)]!)
    }
    const [even, uneven, none, logits] = [[1, 1, 1], [1, 0.01, Number.NaN], [], [-1, -2, -3]].map(scoreOf)
    expect(uneven![0]).toBe(even![0])
    expect(uneven![1]).toBeLessThan(even![1]!)
    expect(even![1]).toBeGreaterThan(none![1]!)
    expect(uneven![2]).toBe(none![2])
    expect(logits).toEqual(none)
  })

  it('puts the most relevant first once the server has no say', () => {
    const bold = {
      ...model,
      blend: { ...model.blend, buckets: model.blend.buckets.map((b) => ({ ...b, server: 0 })) },
    }
    const rows = Uint32Array.from({ length: 60 }, (_, i) => i * 4)
    const evidence = gather(bold, steps(7, 9))
    const score = relevance(bold, evidence, rows)
    const order = orderOf(
      evidence,
      60,
      bold,
      Array.from(rows, (row) => catalog.idOf(row)),
    )
    for (let p = 1; p < 60; p++) {
      expect(score[order[p]!]! + 1e-7).toBeLessThanOrEqual(score[order[p - 1]!]! + 1e-7)
    }
  })
})

describe('answers', () => {
  const ids = ['item00010', 'nobody', 'item00020', '', 'item00010', 'item00030', '']
  it('returns every candidate once, whatever the ids', () => {
    const request = { ids, slot: 's', limit: 7 }
    const answer = answerRank(model, known(gather(model, steps(1, 2))), request, {
      settings: { reasons: true },
    })
    expect(Array.from(answer.order!).sort()).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(answer.order![1]).toBe(1)
    expect(answer.reasons.every((r) => r.length > 0)).toBe(true)
  })

  it('sends unwanted items to the end', () => {
    const answer = answerRank(model, known(gather(model, steps(1)), 'item00010'), {
      ids: ['item00010', 'item00020', 'item00030'],
      slot: 's',
      limit: 3,
    })
    expect(answer.ids.at(-1)).toBe('item00010')
  })

  it('recommends popular items when nothing is known, and says so', () => {
    const request = { slot: 's', limit: 3, exclude: ['item00001'] }
    const answer = answerRecommend(model, known(gather(model, [])), request)
    expect(answer.ids).toEqual(['item00000', 'item00002', 'item00003'])
    expect(answer.sources).toEqual(['popular', 'popular', 'popular'])
  })

  it('finds similar items other than the item itself, and none for a stranger', () => {
    const nothing = known(gather(model, []))
    const answer = answerSimilar(model, nothing, { slot: 's', id: 'item00007', limit: 5, exclude: [] })
    expect(answer.ids.length).toBe(5)
    expect(answer.ids).not.toContain('item00007')
    expect(answerSimilar(model, nothing, { slot: 's', id: 'nobody', limit: 5, exclude: [] }).ids).toEqual([])
  })

  it('explains with shares that sum to one and items that the visitor has seen', () => {
    const evidence = gather(model, steps(11, 12), [{ row: 40, strength: 1 }])
    const row = retrieve(model, evidence, 1).rows[0]!
    const answer = answerExplain(model, known(evidence), catalog.idOf(row))
    const { parts, because } = answer
    expect(answer.known).toBe(true)
    expect(parts.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9)
    expect(because.length).toBeGreaterThan(0)
    for (const { item } of because) expect(['item00011', 'item00012']).toContain(item)
    expect(answerExplain(model, known(evidence), 'nobody').known).toBe(false)
  })

  it('explains a gru by the items that its state still holds', () => {
    const size = catalog.dim
    const eye = (before: number, length: number) => {
      const out = new Float32Array(length * size * size)
      for (let d = 0; d < size; d++) out[before * size * size + d * (size + 1)] = 1
      return out
    }
    const encoder: GruTensors = {
      kind: 'gru',
      dim: size,
      window: 10,
      scale: 8,
      // n is tanh(x) and z a half: a mean that fades.
      inputWeights: eye(2, 3),
      inputBias: new Float32Array(3 * size),
      recurrentWeights: new Float32Array(3 * size * size),
      recurrentBias: new Float32Array(3 * size),
      output: eye(0, 1),
    }
    const gru = { ...model, encoder, blend: { ...model.blend, repeat: new Float32Array(0) } }
    const { because } = answerExplain(gru, known(gather(gru, steps(11, 12))), 'item00012')
    expect(because.find(({ code }) => code === 'similar')).toMatchObject({ item: 'item00012' })
    const { parts } = answerExplain(gru, known(gather(gru, steps(11, 12))), 'item00011')
    expect(parts.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9)
  })
})

describe('earlier visits', () => {
  const interests = [{ row: 40, strength: 1 }]
  it('are all that is known on the first page of a visit', () => {
    const row = retrieve(model, gather(model, [], interests), 1).rows[0]!
    const { parts } = answerExplain(model, known(gather(model, [], interests)), catalog.idOf(row))
    expect(parts[0]).toMatchObject({ part: 'profile', share: 1 })
  })

  it('count for less once the visit has begun', () => {
    const evidence = gather(model, steps(11, 12), interests)
    const { parts } = answerExplain(model, known(evidence), catalog.idOf(40))
    const share = parts.find(({ part }) => part === 'profile')?.share ?? 0
    expect(share).toBeGreaterThan(0)
    expect(share).toBeLessThan(1)
  })
})

describe('items without an order', () => {
  const weights = {
    dense: 0.5,
    denseExponent: 0.7,
    table: [3, 2],
    tableExponent: [1.5, 0.8],
    profile: 0,
    server: 0.3,
    again: 4,
    againExponent: 0.5,
  }
  const even: typeof model = {
    ...model,
    blend: { ...model.blend, even: [{ ...weights, dense: 0.2 }, weights] },
  }
  const rows = [3, 4, 8]

  it('a set: the order does not count, and the neighbours of each member are looked up on their own', () => {
    const scores = relevance(even, gather(even, steps(...rows), [], true), everything)
    const other = relevance(even, gather(even, steps(8, 3, 4), [], true), everything)
    const sum = new Float64Array(16)
    for (const row of rows) for (const [d, value] of catalog.vector(row).entries()) sum[d]! += value
    const length = Math.hypot(...sum)
    const logits = Array.from(everything, (row) => {
      const product = catalog.vector(row).reduce((total, value, d) => total + value * (sum[d]! / length), 0)
      return 8 * product + catalog.bias[row]! * catalog.biasStep
    })
    // As deep as the engine's softmax goes; row 5 is hidden.
    const best = logits
      .filter((_, row) => row !== 5)
      .sort((a, b) => b - a)
      .slice(0, 128)
    const total = best.reduce((all, logit) => all + Math.exp(logit), 0)
    for (const row of [0, 1, 9, 77, 250]) {
      let expected = 0.5 * (Math.exp(logits[row]!) / total) ** 0.7
      for (const [t, exponent] of [1.5, 0.8].entries()) {
        for (const member of rows) {
          const list = catalog.neighbours(t, member)
          const part = list.weights[list.rows.indexOf(row)] ?? 0
          expected += (weights.table[t]! / 3) * part ** exponent
        }
      }
      expect(scores[row]! / expected).toBeCloseTo(1, 3)
      expect(other[row]! / expected).toBeCloseTo(1, 3)
    }
    const basket = rows.map((row) => catalog.idOf(row))
    const request = { slot: 'cart', limit: 10, exclude: [], seeds: basket }
    const answer = answerRecommend(even, known(gather(even, steps(1))), request)
    const best10 = retrieve(even, gather(even, steps(...rows), [], true), 10, new Set(rows))
    expect(answer.ids).toEqual(Array.from(best10.rows, (row) => catalog.idOf(row)))
    expect(answer.ids.filter((id) => basket.includes(id))).toEqual([])
  })

  it('earlier visits: the stronger the interest, the likelier the item again, and its neighbours gain too', () => {
    const interests = [
      { row: 40, strength: 9 },
      { row: 41, strength: 1 },
    ]
    const evidence = gather(even, [], interests)
    const never = { ...even.blend.even![0], again: 0 }
    const plain: typeof model = { ...even, blend: { ...even.blend, even: [never, weights] } }
    const before = relevance(plain, gather(plain, [], interests), everything)
    const after = relevance(even, evidence, everything)
    expect(after[40]! / before[40]!).toBeCloseTo(1 + 4 * 3)
    expect(after[41]! / before[41]!).toBeCloseTo(1 + 4)
    expect(after[42]).toBe(before[42])
    const neighbour = catalog.neighbours(0, 40).rows[0]!
    expect(after[neighbour]).toBeGreaterThan(
      relevance(model, gather(model, [], interests), everything)[neighbour]!,
    )
    expect(answerExplain(even, known(evidence), catalog.idOf(40)).because[0]).toMatchObject({ code: 'again' })
  })

  it('earlier visits count in a running visit too, except for items that this visit saw', () => {
    const interests = [
      { row: 40, strength: 9 },
      { row: 8, strength: 9 },
    ]
    const buckets = even.blend.buckets.map((bucket) => ({ ...bucket, again: 2 }))
    const learned: typeof model = { ...even, blend: { ...even.blend, buckets } }
    const before = relevance(even, gather(even, steps(8, 3), interests), everything)
    const after = relevance(learned, gather(learned, steps(8, 3), interests), everything)
    // The exponent is that of the first page: a half.
    expect(after[40]! / before[40]!).toBeCloseTo(1 + 2 * 3)
    expect(after[8]).toBe(before[8])
    expect(after[42]).toBe(before[42])
  })

  it('a pack without parameters for sets treats a set as a session', () => {
    const scores = (set: boolean) => relevance(model, gather(model, steps(...rows), [], set), everything)
    expect(scores(true)).toEqual(scores(false))
  })
})
