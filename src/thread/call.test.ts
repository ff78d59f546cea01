import { expect, it } from 'vitest'
import type { EngineEvent } from '../../worker/protocol.js'
import { backwards, fakeEngine, settle } from '../fake-page.js'
import { caller } from './call.js'

it('speaks with what Comlink exposes', async () => {
  const engine = fakeEngine()
  const call = caller(engine.spawn())
  const both = [
    call('rank', { ids: ['a', 'b'], slot: 'home', limit: 2 }),
    call('similar', { id: 'x', limit: 2, exclude: [] }),
  ]
  expect(await Promise.all(both)).toEqual([backwards(['a', 'b']), backwards(['c', 'd'])])
  expect(await call('forget', undefined)).toBeUndefined()
})

it('rejects with what the method throws', async () => {
  const engine = fakeEngine({
    explain: async () => {
      throw new TypeError('no such item')
    },
  })
  const call = caller(engine.spawn())
  await expect(call('explain', 'x')).rejects.toMatchObject({ name: 'TypeError', message: 'no such item' })
  await expect(call('vanish' as 'status')).rejects.toMatchObject({ name: 'TypeError' })
})

it('hears events as long as the worker lives', async () => {
  const engine = fakeEngine()
  const heard: EngineEvent[] = []
  await caller(engine.spawn())('start', {} as never, (event) => heard.push(event))
  engine.tell({ type: 'disabled' })
  await settle()
  expect(heard.map(({ type }) => type)).toEqual(['consent', 'ready', 'disabled'])
})
