import { expect, it } from 'vitest'
import { toy } from './fixtures/toy.js'
import { disagreement, golden } from './golden.js'

it('the self-test passes where the pack was made, and fails when one code differs', () => {
  const model = toy()
  const expected = [golden(model, [1, 2, 3], 10), golden(model, [77], 10)]
  expect(disagreement(model, expected)).toBeUndefined()
  const other = toy()
  for (let d = 0; d < 16; d++) other.catalog.codes[expected[1]!.top[0]! * 16 + d]! += 3
  expect(disagreement(other, expected)).toMatch(/golden sequence/)
})
