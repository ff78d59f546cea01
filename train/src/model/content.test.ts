import { expect, test } from 'vitest'
import { addContentVectors } from './content.js'

const DIM = 8
const axis = (d: number) => Array.from({ length: DIM }, (_, i) => (i === d ? 1 : 0))

test('a rare item lies where the items lie that its words, category and brand are shared with', () => {
  const titles = [
    'red mug',
    'blue mug',
    'green mug',
    'oak chair',
    'elm chair',
    'ash chair',
    'white mug',
    'xyzzy',
  ]
  const rare = Uint8Array.from([0, 0, 0, 0, 0, 0, 1, 1])
  const vectors = Float32Array.from(
    [axis(0), axis(0), axis(0), axis(1), axis(1), axis(1), axis(7), axis(7)].flat(),
  )
  // "mug" is in half of the items with a history, which is too common to tell anything; the category is not.
  const category = ['a > mugs', 'a > mugs', '', 'b', 'b', 'b', 'a > mugs', undefined]
  const found = addContentVectors({ title: titles, category, attributes: new Map() }, rare, vectors, DIM)
  expect(Array.from(found)).toEqual([0, 0, 0, 0, 0, 0, 0, 0].map((_, row) => (row === 6 ? 1 : 0)))
  expect(Array.from(vectors.subarray(6 * DIM, 7 * DIM))).toEqual(axis(0))
  expect(Array.from(vectors.subarray(7 * DIM)), 'nothing known').toEqual(axis(7))
  expect(Array.from(vectors.subarray(3 * DIM, 4 * DIM)), 'an item with a history').toEqual(axis(1))
})
