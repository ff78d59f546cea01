import { expect, test } from 'vitest'
import { normal, random } from '../../train/src/maths/random.js'
import { addContentVectors } from './content.js'

const DIM = 8
const axis = (d: number) => Array.from({ length: DIM }, (_, i) => (i === d ? 1 : 0))

test('a rare item gets a vector near the items that share its words, category and brand', () => {
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
  // Half of the items with a history have the word "mug", and only two of them have the category.
  const category = ['a > mugs', 'a > mugs', '', 'b', 'b', 'b', 'a > mugs', undefined]
  const found = addContentVectors({ title: titles, category, attributes: new Map() }, rare, vectors, DIM)
  expect(Array.from(found)).toEqual([0, 0, 0, 0, 0, 0, 0, 0].map((_, row) => (row === 6 ? 1 : 0)))
  expect(Array.from(vectors.subarray(6 * DIM, 7 * DIM))).toEqual(axis(0))
  expect(Array.from(vectors.subarray(7 * DIM)), 'nothing known').toEqual(axis(7))
  expect(Array.from(vectors.subarray(3 * DIM, 4 * DIM)), 'an item with a history').toEqual(axis(1))
})

/** Twelve items for each pair of colour and thing, and at the end one new item for each pair. */
function shelf(vectorOf: (colour: number, thing: number, copy: number) => number[]) {
  const kinds = [0, 1].flatMap((colour) => [0, 1].map((thing) => [colour, thing] as const))
  const title: string[] = []
  const vectors: number[] = []
  for (let copy = 0; copy <= 12; copy++) {
    for (const [colour, thing] of kinds) {
      title.push(`${['red', 'blue'][colour]} ${['mug', 'chair'][thing]}`)
      vectors.push(...(copy < 12 ? vectorOf(colour, thing, copy) : axis(7)))
    }
  }
  const rare = Uint8Array.from(title, (_, row) => (row < 48 ? 0 : 1))
  return { catalogue: { title, attributes: new Map() }, rare, vectors: Float32Array.from(vectors) }
}

test('two features together can mean something else than each of them alone', () => {
  const { catalogue, rare, vectors } = shelf((colour, thing) => axis(colour ^ thing))
  addContentVectors(catalogue, rare, vectors, DIM)
  for (const [i, d] of [0, 1, 1, 0].entries()) {
    const own = vectors.subarray((48 + i) * DIM, (49 + i) * DIM)
    expect(own[d]).toBeGreaterThan(0.95)
  }
})

test('items get no vector from content that does not predict vectors', () => {
  const uniform = random(1)
  const { catalogue, rare, vectors } = shelf(() => {
    const vector = Array.from({ length: DIM }, () => normal(uniform))
    return vector.map((value) => value / Math.hypot(...vector))
  })
  const before = vectors.slice()
  expect(addContentVectors(catalogue, rare, vectors, DIM)).toEqual(new Uint8Array(52))
  expect(vectors).toEqual(before)
})
