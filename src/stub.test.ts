import { readFileSync } from 'node:fs'
import { runInNewContext } from 'node:vm'
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
  runInNewContext(code, { window, setTimeout, Promise, Proxy })
  return (window as { nearside: Stub }).nearside
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('fits into 300 bytes', () => {
  expect(Buffer.byteLength(code.trim())).toBeLessThanOrEqual(300)
})

it('queues every call with what resolves its promise', async () => {
  const nearside = stub()
  const answer = nearside.forget({ item: 'a' })
  void nearside.consent.grant('personalization')
  expect(nearside.q.map(([name, args]) => [name, args])).toEqual([
    ['forget', [{ item: 'a' }]],
    ['grant', ['personalization']],
  ])
  nearside.q[0]![2](true)
  expect(await answer).toBe(true)
})

it('gives the server’s order when the script does not come in time', async () => {
  const nearside = stub()
  const ranked = nearside.rank(['a', 'b'], { timeout: 100 })
  const picks = nearside.recommend()
  vi.advanceTimersByTime(100)
  expect(await ranked).toEqual({ items: [{ item: 'a' }, { item: 'b' }], by: 'server', why: 'not-ready' })
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

it('leaves nothing behind in the page but its one name', () => {
  const context = { window: {}, setTimeout, Promise, Proxy }
  runInNewContext(`${code};${code}`, context)
  expect(Object.keys(context.window)).toEqual(['nearside'])
})
