/** When the live file is asked for again, and what a new answer changes. The server is real; only the clock is turned by hand. */
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { example } from '../../train/fixtures/packs.js'
import type { PackContent } from '../../train/src/pack/content.js'
import { readPackFromDisk } from '../../train/src/pack/read.js'
import { writePack } from '../../train/src/pack/write.js'
import { openModel } from '../model.js'
import { get } from '../pack/download.js'
import { verifySignature } from '../pack/verify.js'
import { contextOf, knownBy } from '../rank/candidates.js'
import { described } from '../rank/described.js'
import { gather, type ServingModel, viewsOf } from '../rank/evidence.js'
import { recommend } from '../rank/pipeline.js'
import { retrieve } from '../rank/retrieve.js'
import { type Live, openLive } from './live.js'

const SECOND = 1000
const MINUTE = 60 * SECOND
/** The real one, while the clock is turned by hand. */
const { setTimeout: later } = globalThis

/** Node's own `fetch` has timers, which must not run with the clock of the test. */
const ask = ((address: string) =>
  new Promise<Response>((resolve, reject) => {
    const sent = request(address, { agent: false }, async (answer) => {
      const bytes = Buffer.concat(await answer.toArray())
      resolve(new Response(bytes, { status: answer.statusCode! }))
    })
    sent.on('error', reject).end()
  })) as typeof fetch

let server: Server
let url: string
let model: ServingModel
/** What the server has; undefined for a failure. */
let body: string | undefined
let asked: number
let live: Live
let troubles: string[]
/** Reads of an item's facts fail, as they do while the catalogue's file is broken. */
let broken = false

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nearside-polling-'))
  writePack(shop(), folder)
  const opened = await openModel(await readPackFromDisk(folder), 'auto')
  rmSync(folder, { recursive: true })
  const facts = (row: number) => {
    if (broken) throw new Error('broken catalogue')
    return opened.catalog.facts(row)
  }
  model = { ...opened, catalog: { ...opened.catalog, facts } }
  server = createServer((_, response) => {
    asked++
    if (body === undefined) response.writeHead(503).end()
    else response.end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, resolve))
  url = `http://localhost:${(server.address() as AddressInfo).port}/live.json`
})
afterAll(() => server.close())

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  asked = 0
  broken = false
  troubles = []
  live = openLive(
    { model, status: { sequence: 1 } as never },
    {
      config: { url, seconds: 60 },
      fetch: ask,
      trouble: (message) => void troubles.push(message),
      get,
      verifySignature,
      described,
    },
  )
})
afterEach(() => {
  live.close()
  vi.useRealTimers()
})

/** A shop in which the thing and the colour say where an item lies. */
function shop(): PackContent {
  const content = example(200, 16, 3)
  const title = content.ids.map((_, row) => `${COLOURS[row % 2]} ${THINGS[(row >> 1) % 3]}`)
  content.facts = { ...content.facts!, title }
  title.forEach((_, row) => {
    const own = content.codes.subarray(row * 16, row * 16 + 16)
    own.forEach((code, d) => {
      own[d] = Math.round(code / 8)
    })
    own[row % 2] = 60
    own[2 + ((row >> 1) % 3)] = 90
  })
  return content
}
const COLOURS = ['red', 'blue']
const THINGS = ['mug', 'lamp', 'chair']

function publish(fields: object, created = '2026-01-01T00:00:00Z'): void {
  body = JSON.stringify({ version: 1, pack: 1, created, ...fields })
}

const until = async (holds: () => boolean) => {
  for (let i = 0; i < 1000 && !holds(); i++) await new Promise((resolve) => later(resolve, 5))
  expect(holds()).toBe(true)
}

/** A request that has begun is over, and the time until the next one runs. */
const settled = () => until(() => vi.getTimerCount() > 0)

/** Time passes, while lists are asked for. @returns how often the file was asked for in it */
async function pass(ms: number): Promise<number> {
  const before = asked
  live.want()
  await vi.advanceTimersByTimeAsync(ms)
  await settled()
  return asked - before
}

/** Asks for the file for the first time. */
async function begin(): Promise<void> {
  live.want()
  await settled()
}

const out = (id: string) => live.model!.catalog.attribute(model.catalog.rowOf(id), 'available')

test('while lists are asked for, the file is asked for once a minute', async () => {
  publish({})
  await begin()
  expect(await pass(40 * SECOND)).toBe(0)
  expect(await pass(20 * SECOND)).toBe(1)
  expect(await pass(60 * SECOND)).toBe(1)
})

test('without requests for lists nothing is asked for, and with the next one at once', async () => {
  publish({})
  await begin()
  await vi.advanceTimersByTimeAsync(60 * MINUTE)
  expect(asked).toBe(1)
  live.want()
  await until(() => asked === 2)
})

test('a newer file replaces the one in use; the same bytes again change nothing', async () => {
  const [one, other] = [model.catalog.idOf(0), model.catalog.idOf(1)]
  publish({ out: [one] })
  await begin()
  const before = live.model
  expect(out(one)).toBe(false)
  await pass(MINUTE)
  expect(asked).toBe(2)
  expect(live.model).toBe(before)
  publish({ out: [other] }, '2026-01-01T00:05:00Z')
  await pass(MINUTE)
  expect(out(other)).toBe(false)
  expect(out(one)).not.toBe(false)
})

test('a file older than the one in use is refused, and that is told', async () => {
  const [one, other] = [model.catalog.idOf(0), model.catalog.idOf(1)]
  publish({ out: [one] })
  await begin()
  publish({ out: [other] }, '2025-12-31T23:59:59Z')
  await pass(MINUTE)
  expect(out(one)).toBe(false)
  expect(live.status).toMatchObject({ state: 'used', error: 'older than the one in use' })
  expect(troubles).toEqual([`live file ${url}: older than the one in use`])
})

test('after failures it waits twice as long each time, at most 5 minutes, and the last good file stays', async () => {
  const one = model.catalog.idOf(0)
  publish({ out: [one] })
  await begin()
  body = undefined
  expect(await pass(MINUTE)).toBe(1)
  for (const seconds of [5, 10, 20, 40, 80, 160, 300, 300]) {
    expect(await pass(0.79 * seconds * SECOND), `less than ${seconds} s`).toBe(0)
    expect(await pass(0.21 * seconds * SECOND + 1), `${seconds} s`).toBe(1)
  }
  expect(out(one)).toBe(false)
  expect(troubles, 'the same failure is told once').toHaveLength(1)
  publish({})
  await pass(5 * MINUTE)
  expect(live.status.error).toBeUndefined()
  expect(out(one)).not.toBe(false)
  expect(await pass(40 * SECOND), 'and then once a minute again').toBe(0)
})

test('when the network comes back after a failure, it is asked for at once', async () => {
  body = undefined
  await begin()
  publish({})
  live.online()
  await until(() => live.status.state === 'used')
  live.online()
  await pass(0)
  expect(asked, 'after a success there is no need').toBe(2)
})

/** Turns the clock until the new items have vectors. Each look at the model asks for them. */
async function placed(count: number): Promise<void> {
  for (let i = 0; i < 400 && live.status.placed !== count; i++) {
    live.model
    await vi.advanceTimersByTimeAsync(1)
  }
  expect(live.status.placed).toBe(count)
}

test('a new item gets a vector and is recommended to who looks at what is like it', async () => {
  publish({ items: [{ id: 'new', title: 'Blue chair' }] })
  await begin()
  await placed(1)
  const now = live.model!
  const row = now.catalog.rowOf('new')
  const title = (other: number) => String(now.catalog.attribute(other, 'title')).toLowerCase()
  const place = (looked: string) => {
    const looks = [...Array(200).keys()].filter((other) => title(other) === looked && other % 10 !== 9)
    const list = retrieve(now, gather(now, viewsOf(looks.slice(0, 3))), 201).rows
    return list.indexOf(row) < 0 ? Number.POSITIVE_INFINITY : list.indexOf(row)
  }
  expect(place('blue chair')).toBeLessThan(40)
  expect(place('red mug')).toBeGreaterThan(100)
  const blue = [...Array(200).keys()].filter((other) => title(other) === 'blue chair' && other % 10 !== 9)
  const near = blue.filter((other) => now.catalog.neighbours(0, other).rows.includes(row))
  expect(near.length, 'it is a neighbour of what it is like').toBeGreaterThan(10)
  const { weights } = now.catalog.neighbours(0, near[0]!)
  expect(weights.reduce((sum, weight) => sum + weight)).toBeCloseTo(1)
  const after = retrieve(now, gather(now, viewsOf([row])), 20).rows
  const alike = [...after].filter((other) => title(other) === 'blue chair')
  expect(alike.length, 'a look at it tells what is wanted').toBeGreaterThan(10)
})

test('a placing that failed is tried again when the file was asked for again', async () => {
  publish({ items: [{ id: 'new', title: 'Blue chair' }] })
  broken = true
  await begin()
  for (let i = 0; i < 20; i++) {
    live.model
    await vi.advanceTimersByTimeAsync(1)
  }
  expect(live.status).toMatchObject({ placed: 0, items: 1 })
  expect(troubles.join()).toContain('broken catalogue')
  expect(live.model!.catalog.rowOf('new'), 'without a vector it is there all the same').toBe(200)
  broken = false
  await pass(MINUTE)
  await placed(1)
})

test('what is sought after now stands before what the pack says, in a new visitor’s list', async () => {
  const ids = [150, 120].map(model.catalog.idOf)
  publish({ trending: { [ids[1]!]: 1, [ids[0]!]: 2, nobody: 3 } })
  await begin()
  const now = live.model!
  const list = recommend(contextOf(now, knownBy(gather(now, [])), { limit: 10 }))
  expect(Array.from(list.rows.slice(0, 2))).toEqual([150, 120])
})
