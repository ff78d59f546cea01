import { readFileSync } from 'node:fs'
import { runInNewContext } from 'node:vm'
import { brotliCompressSync } from 'node:zlib'
import { transformSync } from 'esbuild'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { QueuedCall } from './auto.js'

interface Stub {
  q: QueuedCall[]
  [method: string]: unknown
  track(...args: unknown[]): Promise<unknown>
  rank(...args: unknown[]): Promise<unknown>
  recommend(...args: unknown[]): Promise<unknown>
  forget(...args: unknown[]): Promise<unknown>
  consent: { grant(...args: unknown[]): Promise<unknown> }
}

const source = readFileSync(new URL('stub.ts', import.meta.url), 'utf8')
const { code } = transformSync(source, { loader: 'ts', minify: true, target: 'es2022' })

/** The stub as a page has it: a classic inline script. */
function stub(): Stub {
  const window = {}
  runInNewContext(code, { window, setTimeout, Promise, Object, Array })
  return (window as { nearside: Stub }).nearside
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('fits into 400 bytes', () => {
  expect(brotliCompressSync(code.trim()).length).toBeLessThanOrEqual(400)
})

it('queues every call with the function that resolves its promise', async () => {
  const nearside = stub()
  const answer = nearside.forget({ item: 'a' })
  void nearside.consent.grant('personalization')
  expect(nearside.q.map(([name, args]) => [name, args])).toEqual([
    ['forget', [{ item: 'a' }]],
    ['grant', ['personalization']],
  ])
  nearside.q[0]![2]!(true)
  expect(await answer).toBe(true)
})

it('gives the server’s order when the script does not come in time', async () => {
  const nearside = stub()
  const ranked = nearside.rank(['a', 'b'], { timeout: 100 })
  const picks = nearside.recommend()
  vi.advanceTimersByTime(100)
  expect(await ranked).toMatchObject({
    items: [
      { item: 'a', position: 0, reasons: [] },
      { item: 'b', position: 1, reasons: [] },
    ],
    by: 'server',
    why: 'not-ready',
  })
  vi.advanceTimersByTime(150)
  expect(await picks).toEqual({ items: [], by: 'server', why: 'not-ready' })
})

it('waits as long as the call says, whichever argument says it', async () => {
  const nearside = stub()
  const answered = vi.fn()
  void nearside.recommend({ timeout: 1000 }).then(answered)
  await vi.advanceTimersByTimeAsync(900)
  expect(answered).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(100)
  expect(answered).toHaveBeenCalled()
})

it('takes every kind of list', async () => {
  const nearside = stub()
  function* once() {
    yield 'a'
    yield 'b'
  }
  for (const list of [new Set(['a', 'b']), { 0: 'a', 1: 'b', length: 2 }, once(), 'ab']) {
    const ranked = nearside.rank(list) as Promise<{ items: { item: string }[] }>
    vi.advanceTimersByTime(250)
    expect((await ranked).items.map(({ item }) => item)).toEqual(['a', 'b'])
    expect([...(nearside.q.at(-1)![1][0] as string[])]).toEqual(['a', 'b'])
  }
  for (const nonsense of [undefined, null, 7, {}]) {
    const ranked = nearside.rank(nonsense)
    vi.advanceTimersByTime(250)
    expect(await ranked).toMatchObject({ items: [] })
  }
})

it('answers every call when the script never comes', async () => {
  const nearside = stub()
  const answers = ['explain', 'status', 'export', 'forget'].map((name) =>
    (nearside[name] as () => Promise<unknown>)(),
  )
  vi.advanceTimersByTime(10_000)
  expect(await Promise.all(answers)).toMatchObject([
    { by: 'server', why: 'not-ready' },
    { worker: 'idle', pack: { state: 'none' } },
    null,
    false,
  ])
})

it('is not a promise, and can be printed', async () => {
  const nearside = stub()
  expect(await nearside).toBe(nearside)
  expect(`${nearside}`).toBe('[object Object]')
  expect(nearside.q).toEqual([])
})

it('ends a subscription, whether it still waits in the queue or not', async () => {
  const nearside = stub()
  const [early, late] = [vi.fn(), vi.fn()]
  const on = nearside.on as (type: string, listener: () => void) => () => void
  on('ranked', () => {})()
  nearside.q[0]![2]!(early)
  await vi.waitFor(() => expect(early).toHaveBeenCalledOnce())
  const off = on('ranked', () => {})
  nearside.q[1]![2]!(late)
  await Promise.resolve()
  expect(late).not.toHaveBeenCalled()
  off()
  await vi.waitFor(() => expect(late).toHaveBeenCalledOnce())
})

it('does not replace an earlier stub with its calls, or a client', () => {
  const context = { window: {} as { nearside: Stub }, setTimeout, Promise, Object, Array }
  runInNewContext(code, context)
  const { nearside } = context.window
  void nearside.track('view_item')
  runInNewContext(code, context)
  expect(context.window.nearside).toBe(nearside)
  expect(nearside.q).toHaveLength(1)
  expect(Object.keys(context.window)).toEqual(['nearside'])
})
