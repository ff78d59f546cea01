import { expect, test } from 'vitest'
import { createVisitor } from '../feedback/visitor.js'
import { toy } from '../fixtures/toy.js'
import { createAnswers } from './answers.js'
import { createConsent } from './consent.js'
import type { PackInUse } from './pack-in-use.js'

test('a pack that cannot be read does not end the worker, and the next answer tells what is wrong', async () => {
  const told: string[] = []
  const model = toy()
  const pack = { state: 'ready', model, revalidate() {} } as Partial<PackInUse> as PackInUse
  const locks = {
    shared: <T>(work: () => Promise<T>) => work(),
    alone: <T>(work: () => Promise<T>) => work(),
  }
  const answers = createAnswers({
    consent: createConsent(locks, { record: () => undefined }),
    visitor: createVisitor({ days: 1, events: 10 }),
    pack,
    landing: {},
    loadAsked: () => Promise.reject(new Error('not here')),
    strengthsOf() {
      throw new Error('section facts.brand: a block ends too early')
    },
    remembered: () => undefined,
    reading: () => undefined,
    trouble: (message) => void told.push(message),
    now: Date.now,
  })
  expect(answers.prepare).not.toThrow()
  expect(
    await answers.answer(
      () => ({}),
      () => 'never',
    ),
  ).toEqual({ by: 'server', why: 'error' })
  expect(told).toEqual(['section facts.brand: a block ends too early'])
})
