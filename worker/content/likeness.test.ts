import { expect, test } from 'vitest'
import { Likeness } from './likeness.js'

test('an item is compared with items with a history that share its features, the most similar first', () => {
  const names = [['a', 'b'], ['a', 'b'], ['a', 'c'], ['c', 'd'], ['a', 'b', 'unique'], ['d']]
  const rare = Uint8Array.from([0, 0, 0, 0, 1, 1])
  const likeness = new Likeness(names, rare)
  const { rows, own, kernel } = likeness.to(4)
  expect(Array.from(rows)).toEqual([0, 1, 2])
  expect(Array.from(own), 'squared cosines; a feature of a single item does not count').toEqual([1, 1, 0.25])
  expect(Array.from(kernel)).toEqual([1, 1, 0.25, 1, 1, 0.25, 0.25, 0.25, 1])
  expect(Array.from(likeness.to(0).rows), 'not with itself').toEqual([1, 2])
  expect(Array.from(likeness.to(5).rows), 'its feature is in only one item with a history').toEqual([])
})
