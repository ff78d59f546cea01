import { expect, test } from 'vitest'
import type { Interactions } from '../../data/interactions.js'
import type { LoggedLists } from '../../data/lists.js'
import { random } from '../../maths/random.js'
import { biasText, positionBias, usualBias } from './propensity.js'
import { CLIP, weighted } from './weighted.js'

const POSITIONS = 10
const truth = (p: number) => (1 + p) ** -0.8

/** Lists of a shop in which better items stand further up, and clicks follow the model. */
function logOf(lists: number, mixed: number): LoggedLists {
  const draw = random(1, 2)
  const items: number[] = []
  const clicked: number[] = []
  for (let n = 0; n < lists; n++) {
    const order = Array.from({ length: POSITIONS }, (_, item) => item)
      .map((item) => [item, item + mixed * POSITIONS * draw()] as const)
      .sort((a, b) => a[1] - b[1])
    order.forEach(([item], p) => {
      items.push(item)
      // The first item attracts three times as much as the last.
      clicked.push(draw() < truth(p) * 0.3 * (1 - (0.67 * item) / (POSITIONS - 1)) ? 1 : 0)
    })
  }
  return {
    ids: Array.from({ length: POSITIONS }, (_, item) => `${item}`),
    offsets: Uint32Array.from({ length: lists + 1 }, (_, n) => n * POSITIONS),
    items: Uint32Array.from(items),
    positions: Uint16Array.from(items, (_, e) => e % POSITIONS),
    clicked: Uint8Array.from(clicked),
    names: Array(lists).fill(''),
    times: new Float64Array(lists),
    sessions: new Int32Array(lists).fill(-1),
    before: new Uint32Array(lists),
  }
}

test('attention is told apart from attraction, where items change their positions', () => {
  const log = logOf(20_000, 0.8)
  const { propensity, from } = positionBias(log)
  expect(from).toBe('own')
  propensity.forEach((value, p) => {
    expect(Math.abs(value / truth(p) - 1)).toBeLessThan(0.15)
  })
  // Counting clicks alone takes the attraction of the leading items for attention.
  const clicks = (p: number) => log.clicked.filter((_, e) => e % POSITIONS === p).reduce((a, b) => a + b, 0)
  expect(clicks(9) / clicks(0) / truth(9)).toBeLessThan(0.75)
})

test('where each item stays at its position, or clicks are few, the log cannot tell, and that is said', () => {
  const fixed = positionBias(logOf(5000, 0), 5)
  expect(fixed.from).toBe('usual')
  expect(fixed.propensity).toEqual(usualBias(POSITIONS, 5))
  expect(biasText(fixed)).toContain('cannot tell how many people look at each position (each item always')
  expect(biasText(positionBias(logOf(20, 0.8)))).toContain('clicks in lists)')
})

test('in a grid, the usual attention falls from row to row', () => {
  expect(Array.from(usualBias(6, 3), (x) => x.toFixed(4))).toEqual([
    '1.0000',
    '1.0000',
    '1.0000',
    '0.7071',
    '0.7071',
    '0.7071',
  ])
})

test('clicks further down weigh more, up to a limit, and together as much as before', () => {
  const data = { places: Int32Array.of(-1, 0, 1, 2, -1) } as Interactions
  const { trust } = weighted(data, Float64Array.of(1, 0.5, 0.001))
  const mean = (1 + 2 + CLIP) / 3
  expect([...trust!].map((x) => Number(x.toFixed(5)))).toEqual(
    [1, 1 / mean, 2 / mean, CLIP / mean, 1].map((x) => Number(x.toFixed(5))),
  )
})

test('a log without lists is trained on as it is', () => {
  const data = {} as Interactions
  expect(weighted(data, Float64Array.of(1))).toBe(data)
})
