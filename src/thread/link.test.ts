import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { EngineApi, EngineConfig } from '../../worker/protocol.js'
import { fakeEngine } from '../fixtures/fake-page.js'
import { type Link, link } from './link.js'

/** A link to one engine, and the list of workers that it has started. */
function linked(own: Partial<EngineApi> = {}) {
  const engine = fakeEngine(own)
  const workers: ReturnType<typeof engine.spawn>[] = []
  const started = vi.fn()
  const to: Link = link({
    spawn() {
      const worker = engine.spawn()
      workers.push(worker)
      return worker
    },
    config: () => ({ pack: 'https://shop.example/p/' }) as EngineConfig,
    started,
    page: { hear() {}, record: () => undefined },
  })
  return { engine, workers, started, link: to }
}

const never = () => new Promise<never>(() => {})
const request = { ids: ['a', 'b'], slot: 's', limit: 2, requestId: 'r' }

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
  vi.spyOn(console, 'error').mockImplementation(() => {})
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

/** Lets messages between ports arrive. They need real turns of the event loop, which fake timers do not make. */
async function travel() {
  for (let n = 0; n < 20; n++) await new Promise(setImmediate)
}

it('starts the worker with the first question, and only once', async () => {
  const { link, workers } = linked()
  expect(link.state.worker).toBe('idle')
  const answers = Promise.all([link.ask(100, 'rank', request), link.ask(100, 'status')])
  expect(link.state.worker).toBe('starting')
  expect(await answers).toMatchObject([{ by: 'device' }, { storage: 'memory' }])
  expect(link.state.worker).toBe('running')
  expect(workers).toHaveLength(1)
})

describe('the time budget', () => {
  it('tells a slow engine from one that is not ready yet', async () => {
    const slow = linked({ rank: never })
    const first = slow.link.ask(100, 'rank', request)
    await travel()
    vi.advanceTimersByTime(100)
    expect(await first).toEqual({ by: 'server', why: 'timeout' })

    const loading = linked({ start: never, rank: never })
    const second = loading.link.ask(100, 'rank', request)
    await travel()
    vi.advanceTimersByTime(100)
    expect(await second).toEqual({ by: 'server', why: 'not-ready' })
  })

  it('ends in the server’s order when the engine throws', async () => {
    const { link } = linked({
      rank: async () => {
        throw new Error('bug')
      },
    })
    expect(await link.ask(100, 'rank', request)).toEqual({ by: 'server', why: 'error' })
    expect(link.state.worker).toBe('running')
  })
})

describe('a worker that fails', () => {
  it('leaves no question open and is restarted', async () => {
    const { link, workers, started } = linked({ rank: never })
    const open = link.ask(1000, 'rank', request)
    await travel()
    workers[0]!.fail('out of memory')
    expect(await open).toEqual({ by: 'server', why: 'error' })
    expect(workers[0]!.dead).toBe(true)
    expect(await link.ask(1000, 'rank', request)).toEqual({ by: 'server', why: 'error' })
    expect(link.state).toMatchObject({ worker: 'restarting', restarts: 1 })
    vi.advanceTimersByTime(500)
    await travel()
    expect(link.state.worker).toBe('running')
    expect(started).toHaveBeenCalledTimes(2)
    expect(await link.ask(1000, 'status')).toMatchObject({ storage: 'memory' })
  })

  it('too often is not started again, and status says why', async () => {
    const { link, workers } = linked()
    link.start()
    for (let n = 0; n < 4; n++) {
      workers[n]!.fail('broken')
      vi.advanceTimersByTime(60_000)
    }
    expect(workers).toHaveLength(4)
    expect(link.state).toEqual({
      worker: 'failed',
      restarts: 3,
      error: expect.stringContaining('broken'),
    })
    expect(await link.ask(1000, 'rank', request)).toEqual({ by: 'server', why: 'error' })
  })

  it('without an error event is noticed because it does not answer', async () => {
    const { link, workers } = linked()
    await link.ask(100, 'status')
    workers[0]!.terminate()
    const open = link.ask(100, 'rank', request)
    vi.advanceTimersByTime(100)
    expect(await open).toEqual({ by: 'server', why: 'timeout' })
    expect(link.state.worker).toBe('running')
    vi.advanceTimersByTime(5500)
    await travel()
    expect(link.state).toMatchObject({ worker: 'running', restarts: 1 })
    expect(await link.ask(100, 'rank', request)).toMatchObject({ by: 'device' })
  })

  it('to answer one question, but is alive, is not restarted', async () => {
    const { link, workers } = linked({ rank: never })
    await link.ask(100, 'status')
    void link.ask(100, 'rank', request)
    vi.advanceTimersByTime(100)
    await travel()
    vi.advanceTimersByTime(60_000)
    expect(link.state).toMatchObject({ worker: 'running', restarts: 0 })
    expect(workers).toHaveLength(1)
  })
})

it('starts no worker for options that make no sense', async () => {
  const spawn = vi.fn()
  const broken = link({
    spawn,
    config() {
      throw new Error('pack: "file:///p/" is not served over http or https')
    },
    started: () => {},
    page: { hear() {}, record: () => undefined },
  })
  expect(await broken.ask(100, 'rank', request)).toEqual({ by: 'server', why: 'error' })
  expect(spawn).not.toHaveBeenCalled()
  expect(console.error).toHaveBeenCalledOnce()
  expect(broken.state).toMatchObject({ worker: 'failed', error: expect.stringContaining('http') })
})

it('stops the worker after it has closed its database and channels', async () => {
  const { link, engine, workers } = linked()
  await link.ask(100, 'status')
  link.stop()
  expect(workers[0]!.dead).toBe(false)
  await travel()
  expect(engine.asked('stop')).toHaveLength(1)
  expect(workers[0]!.dead).toBe(true)
  expect(await link.ask(100, 'rank', request)).toEqual({ by: 'server', why: 'disabled' })
  expect(workers).toHaveLength(1)
})
