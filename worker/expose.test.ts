import { proxy, wrap } from 'comlink'
import { expect, it, vi } from 'vitest'
import { expose } from './expose.js'
import type { EngineApi, EngineEvent } from './protocol.js'

/** An engine of these methods, behind our half of the messages and Comlink's. */
function exposed(methods: Partial<EngineApi>) {
  const { port1, port2 } = new MessageChannel()
  expose(methods as EngineApi, port2)
  port2.start()
  return { port: port1, engine: wrap<EngineApi>(port1) }
}

it('answers what Comlink calls, in any order', async () => {
  const { engine, port } = exposed({
    explain: async (id) => {
      if (id === 'slow') await new Promise((resolve) => setTimeout(resolve, 10))
      return { id, known: false, parts: [], because: [] }
    },
  })
  const answers = await Promise.all(['slow', 'b'].map((id) => engine.explain(id)))
  expect(answers.map((answer) => 'id' in answer && answer.id)).toEqual(['slow', 'b'])
  port.close()
})

it('tells listeners', async () => {
  let tell: (event: EngineEvent) => void = () => {}
  const { engine, port } = exposed({
    start: async (_, listener) => {
      tell = listener
      return {} as never
    },
  })
  const heard: EngineEvent[] = []
  await engine.start(
    {} as never,
    proxy((event: EngineEvent) => void heard.push(event)),
  )
  tell({ type: 'disabled' })
  tell({ type: 'forgotten' })
  await vi.waitFor(() => expect(heard).toEqual([{ type: 'disabled' }, { type: 'forgotten' }]))
  port.close()
})

it('passes on what a method throws, that there is no such method, and that an answer cannot be sent', async () => {
  const { engine, port } = exposed({
    status: async () => {
      throw new TypeError('out of order')
    },
    export: async () => ({ events: [() => {}] }) as never,
  })
  await expect(engine.status()).rejects.toMatchObject({ name: 'TypeError', message: 'out of order' })
  await expect(engine.stop()).rejects.toMatchObject({ name: 'TypeError' })
  await expect(engine.export()).rejects.toMatchObject({ name: 'DataCloneError' })
  port.close()
})

it('passes over messages that are no calls', async () => {
  const { engine, port } = exposed({ status: async () => ({ version: '1' }) as never })
  for (const stray of [null, 'setImmediate$0', { type: 'webpackOk' }, 7]) port.postMessage(stray)
  expect(await engine.status()).toEqual({ version: '1' })
  port.close()
})
