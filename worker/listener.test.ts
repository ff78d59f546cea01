/** The worker's end of Comlink, as the build leaves it, against Comlink's own other end. */
import { nodeResolve } from '@rollup/plugin-node-resolve'
import * as comlink from 'comlink'
import { rollup } from 'rollup'
import esbuild from 'rollup-plugin-esbuild'
import { beforeAll, expect, it, vi } from 'vitest'
import { leanComlink } from '../build/lean-comlink.js'
import type { EngineApi, EngineEvent } from './protocol.js'

let expose: typeof comlink.expose

beforeAll(async () => {
  const entry = "import './worker/listener.ts'\nexport { expose } from 'comlink'"
  const bundle = await rollup({
    input: 'entry',
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === 'entry' ? `${process.cwd()}/entry.js` : null),
        load: (id) => (id.endsWith('/entry.js') ? entry : null),
      },
      leanComlink(),
      nodeResolve(),
      esbuild({ target: 'es2022', tsconfig: false }),
    ],
  })
  const [{ code }] = (await bundle.generate({ format: 'es' })).output
  expose = (await import(`data:text/javascript,${encodeURIComponent(code)}`)).expose
})

/** An engine of these methods, behind the worker's end of the messages and Comlink's. */
function exposed(methods: Partial<EngineApi>) {
  const { port1, port2 } = new MessageChannel()
  expose(methods, port2 as never)
  return { port: port1, engine: comlink.wrap<EngineApi>(port1 as never) }
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
    comlink.proxy((event: EngineEvent) => void heard.push(event)),
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
  await expect(engine.export()).rejects.toMatchObject({ message: 'Unserializable return value' })
  port.close()
})

it('passes over messages that are no calls', async () => {
  const { engine, port } = exposed({ status: async () => ({ version: '1' }) as never })
  for (const stray of [null, 'setImmediate$0', { type: 'webpackOk' }, 7]) port.postMessage(stray)
  expect(await engine.status()).toEqual({ version: '1' })
  port.close()
})
