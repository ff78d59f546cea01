import { expect, test } from 'vitest'
import type { Catalog } from '../../../../worker/catalog/catalog.js'
import { Lists } from './lists.js'

/** Four items in a plane. */
const catalog = {
  size: 4,
  dim: 2,
  codes: Int8Array.from([10, 0, 0, 10, 10, 10, 20, 0]),
  popularity: () => 1,
} as Partial<Catalog> as Catalog

function figuresOf(list: number[], target: number, seen: number[]) {
  const lists = new Lists(catalog, [10])
  lists.add(Uint32Array.from(list), target, seen)
  return lists.figures()
}

test('serendipity: a hit counts by its distance to the visit; misses and items seen before count 0', () => {
  expect(figuresOf([1, 2], 1, [0]).serendipity).toBeCloseTo(1)
  expect(figuresOf([1, 2], 2, [0]).serendipity).toBeCloseTo(1 - Math.SQRT1_2)
  expect(figuresOf([3], 3, [0]).serendipity).toBeCloseTo(0)
  expect(figuresOf([1], 2, [0]).serendipity).toBe(0)
  expect(figuresOf([0], 0, [0]).serendipity).toBe(0)
})

test('filter bubble: above 1 where lists are nearer to the visit than the next item', () => {
  expect(figuresOf([3], 2, [0]).filterBubble).toBeCloseTo(Math.SQRT2)
  expect(figuresOf([2], 3, [0]).filterBubble).toBeCloseTo(Math.SQRT1_2)
  expect(figuresOf([2], -1, [0]).filterBubble).toBe(0)
})
