/** Which pack is used, across visits, releases, failures and tabs. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openCatalog } from '../catalog/open.js'
import { memoryStore } from '../fixtures/memory-store.js'
import { encode, files, manifest, Server } from '../fixtures/packs.js'
import type { PackError } from './errors.js'
import { createLibrary, type LibraryOptions } from './library.js'
import type { Pack } from './pack.js'
import { chainOf } from './store/open.js'
import type { PackStore } from './store/store.js'

let server: Server
let store: PackStore
beforeEach(() => {
  server = new Server()
  store = memoryStore()
})
afterEach(() => vi.restoreAllMocks())

/** A page: it has its own library, on the origin's store and the shop's server. */
const page = (options: Partial<LibraryOptions> = {}) =>
  createLibrary({ url: server.url, fetch: server.fetch, ...options })

const binaries = () => server.asked.filter((name) => name.includes('.bin'))

/** A visit on which the pack from the network works. */
async function visit(options: Partial<LibraryOptions> = {}): Promise<Pack> {
  const library = page(options)
  const current = (await library.stored(store))?.pack
  const { pack = current } = await library.refresh(store, current)
  await library.keep(store, pack!)
  return pack!
}

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'no error',
    (error: PackError) => error.code,
  )

test('a first visit fetches what ranking needs, then the facts', async () => {
  const progress: [number, number][] = []
  const library = page({ onProgress: (loaded, total) => progress.push([loaded, total]) })
  expect(await library.stored(store)).toBeUndefined()
  const { pack, disabled } = await library.refresh(store)
  expect(disabled).toBe(false)
  expect(binaries().some((name) => name.startsWith('facts'))).toBe(false)
  expect(progress.at(-1)).toEqual([2464 + 1112 + 1360, 2464 + 1112 + 1360])
  expect(openCatalog(pack!).facts(5).title).toBeUndefined()
  await library.complete(pack!)
  expect(openCatalog(pack!).facts(5).title).toBeTypeOf('string')
  expect(await store.list()).toEqual([])
})

test('a second visit opens the stored pack without the network', async () => {
  await visit()
  server.served.clear()
  const stored = await page().stored(store)
  expect(stored?.from).toBe('memory')
  expect(openCatalog(stored!.pack).idOf(0)).toBe('a-rather-long-prefix-1')
  expect(await codeOf(page().refresh(store, stored!.pack))).toBe('network')
  expect(await page().stored(store)).toBeDefined()
})

test('facts are stored with the pack, even if they arrive later', async () => {
  const library = page()
  const { pack } = await library.refresh(store)
  await library.keep(store, pack!)
  await library.complete(pack!, store)
  server.asked.length = 0
  const again = (await page().stored(store))!.pack
  await page().complete(again, store)
  expect(again.missing(false)).toEqual([])
  expect(server.asked).toEqual([])
})

test('an unchanged manifest costs one request', async () => {
  await visit()
  server.asked.length = 0
  const library = page()
  const { pack } = (await library.stored(store))!
  expect(await library.refresh(store, pack)).toEqual({ disabled: false })
  expect(server.asked).toEqual(['manifest.json'])
})

test('only the changed files of a new release are fetched', async () => {
  await visit()
  const next = server.publish({ sequence: 2 }, 77)
  const pack = await visit()
  expect(pack.manifest.sequence).toBe(2)
  expect(binaries()).toEqual([`${next.files.items!.name}.gz`])
  expect((await page().stored(store))!.pack.manifest.sequence).toBe(2)
})

test('two releases later, files that no pack needs are deleted', async () => {
  const first = (await visit()).manifest.files.items!.name
  const second = server.publish({ sequence: 2 }, 77).files.items!.name
  await visit()
  expect(await store.list()).toEqual(expect.arrayContaining([first, second]))
  const third = server.publish({ sequence: 3 }, 78).files.items!.name
  await visit()
  const left = await store.list()
  expect(left).toEqual(expect.arrayContaining([second, third]))
  expect(left).not.toContain(first)
})

test('a lower sequence is refused, and the stored pack stays', async () => {
  server.publish({ sequence: 5 })
  await visit()
  server.publish({ sequence: 4 }, 77)
  const library = page()
  const { pack } = (await library.stored(store))!
  expect(await codeOf(library.refresh(store, pack))).toBe('downgrade')
  expect(await codeOf(page().refresh(store))).toBe('downgrade')
  expect((await page().stored(store))!.pack.manifest.sequence).toBe(5)
})

test('a rollback is a higher sequence with the old files: nothing to fetch', async () => {
  await visit()
  server.publish({ sequence: 2 }, 77)
  await visit()
  server.publish({ sequence: 3 })
  const pack = await visit()
  expect(pack.manifest.sequence).toBe(3)
  expect(binaries()).toEqual([])
})

test('the kill switch is remembered, and can be undone without a download', async () => {
  const pack = await visit()
  server.publish({ sequence: 2, disabled: true })
  expect(await page().refresh(store, pack)).toEqual({ disabled: true })
  const stored = (await page().stored(store))!.pack
  expect(stored.manifest).toMatchObject({ sequence: 2, disabled: true })
  expect(await page().refresh(store, stored)).toEqual({ disabled: true })

  server.publish({ sequence: 3 })
  const back = await page().refresh(store, stored)
  expect(back.disabled).toBe(false)
  await page().keep(store, back.pack!)
  expect(binaries()).toEqual([])
  await page().refuse(store, back.pack!)
  expect((await page().stored(store))!.pack.manifest.sequence).toBe(1)
})

test('a disabled release with other files leaves the good pack in the store', async () => {
  await visit()
  server.publish({ sequence: 2, disabled: true }, 77)
  expect((await page().refresh(store)).disabled).toBe(true)
  expect(binaries()).toEqual([])
  server.publish({ sequence: 3 })
  await visit()
  expect(binaries()).toEqual([])
})

test('a pack that failed here is not fetched again, and the last good one is used', async () => {
  await visit()
  server.publish({ sequence: 2 }, 77)
  const library = page()
  const good = (await library.stored(store))!.pack
  const { pack } = await library.refresh(store, good)
  await library.refuse(store, pack!)

  server.asked.length = 0
  const next = page()
  const stored = (await next.stored(store))!.pack
  expect(stored.manifest.sequence).toBe(1)
  expect((await next.refresh(store, stored)).pack).toBeUndefined()
  expect(server.asked).toEqual(['manifest.json'])
  expect(await codeOf(page().refresh(store))).toBe('golden')

  server.publish({ sequence: 3 }, 78)
  expect((await next.refresh(store, stored)).pack?.manifest.sequence).toBe(3)
})

test('when a stored pack fails, the one before it is used', async () => {
  await visit()
  server.publish({ sequence: 2 }, 77)
  await visit()
  const library = page()
  await library.refuse(store, (await library.stored(store))!.pack)
  expect((await page().stored(store))!.pack.manifest.sequence).toBe(1)
})

test('only the damaged files of a stored pack are fetched again', async () => {
  const pack = await visit()
  const { name } = pack.manifest.files.items!
  const damaged = files.get(name)!.slice()
  damaged[500]! ^= 1
  await store.write(name, damaged)
  server.asked.length = 0
  expect(await page().stored(store)).toBeUndefined()
  await visit()
  expect(binaries()).toEqual([`${name}.gz`])
  expect(await page().stored(store)).toBeDefined()
})

test('a damaged pointer counts as no pointer', async () => {
  await visit()
  for (const text of ['', '{', '[]', 'null', '{"url": 3}', '[null]', '[{"url": 3}]']) {
    await store.write('current', encode(text))
    expect(await page().stored(store)).toBeUndefined()
  }
  await visit()
  expect(await page().stored(store)).toBeDefined()
})

test('a slower tab does not put an older pack over a newer one', async () => {
  const slow = page()
  const { pack: old } = await slow.refresh(store)
  server.publish({ sequence: 2 }, 77)
  await visit()
  await slow.keep(store, old!)
  expect((await page().stored(store))!.pack.manifest.sequence).toBe(2)
})

test('packs of several addresses are stored side by side', async () => {
  await visit()
  const other = new Server()
  Object.assign(other, { url: 'https://shop.example/fr/' })
  const library = createLibrary({ url: other.url, fetch: other.fetch })
  const { pack } = await library.refresh(store)
  await library.keep(store, pack!)
  expect(await page().stored(store)).toBeDefined()
  expect(await library.stored(store)).toBeDefined()
})

/** A place that is full after this many writes. */
function small(writes: number): PackStore {
  const place = memoryStore()
  let left = writes
  return {
    ...place,
    kind: 'opfs',
    async write(name, bytes) {
      if (left-- <= 0) throw new DOMException('full', 'QuotaExceededError')
      await place.write(name, bytes)
    },
  }
}

const large = (): PackStore => ({ ...memoryStore(), kind: 'cache' })

test('when a place is full, the pack is stored in the next one', async () => {
  for (let writes = 0; writes < 6; writes++) {
    store = chainOf([small(writes), large()])
    await visit()
    expect(store.kind).toBe(writes < 5 ? 'cache' : 'opfs')
    expect((await page().stored(store))?.pack.manifest.sequence).toBe(1)
  }
})

test('when a place is full and a new release comes, both packs stay readable', async () => {
  const place = small(5)
  store = chainOf([place, large()])
  await visit()
  server.publish({ sequence: 2 }, 77)
  await visit()
  const library = page()
  const { pack } = (await library.stored(store))!
  expect(pack.manifest.sequence).toBe(2)
  await library.refuse(store, pack)
  expect((await page().stored(store))!.pack.manifest.sequence).toBe(1)
})

test('a place that does not return what was written is not used', async () => {
  const forgetful: PackStore = { ...memoryStore(), kind: 'cache', read: async () => Uint8Array.of(9) }
  store = chainOf([forgetful])
  await store.write('a', Uint8Array.of(1))
  expect(store.kind).toBe('memory')
  expect(await store.list()).toEqual([])
})

test('a store writes nothing after it was left', async () => {
  const place = { ...memoryStore(), kind: 'opfs' as const }
  const chain = chainOf([place])
  await chain.write('a', Uint8Array.of(1))
  chain.leave()
  await place.wipe()
  await chain.write('b', Uint8Array.of(2))
  expect(await place.list()).toEqual([])
  expect(await chain.list()).toEqual([])
})

/** A key pair and the signature of a text. */
async function signer() {
  const pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair
  const base64 = (bytes: ArrayBuffer) => Buffer.from(bytes).toString('base64')
  return {
    key: base64(await crypto.subtle.exportKey('raw', pair.publicKey)),
    async sign() {
      const bytes = server.served.get('manifest.json')!
      const signature = base64(await crypto.subtle.sign('Ed25519', pair.privateKey, bytes))
      server.served.set('manifest.sig', encode(`${signature}\n`))
    },
  }
}

test('with a key, only packs that are signed with it are used', async () => {
  const { key, sign } = await signer()
  expect(await codeOf(page({ key }).refresh(store))).toBe('signature')
  await sign()
  const pack = await visit({ key })
  expect(pack.signed).toBe(true)
  expect((await page({ key }).stored(store))!.pack.signed).toBe(true)

  server.publish({ sequence: 2, disabled: true })
  expect(await codeOf(page({ key }).refresh(store, pack))).toBe('signature')
  server.served.set('manifest.sig', encode('not base64!'))
  expect(await codeOf(page({ key }).refresh(store, pack))).toBe('signature')
  expect((await page({ key }).stored(store))!.pack.manifest).toMatchObject({ sequence: 1, disabled: false })
  expect(await codeOf(page({ key: 'abc' }).refresh(store, pack))).toBe('signature')
  await sign()
  expect((await page({ key }).refresh(store, pack)).disabled).toBe(true)
})

test('a pack that was stored before the shop had a key, or under another key, is not used', async () => {
  await visit()
  const [a, b] = [await signer(), await signer()]
  expect(await page({ key: a.key }).stored(store)).toBeUndefined()
  await a.sign()
  await visit({ key: a.key })
  expect(await page({ key: a.key }).stored(store)).toBeDefined()
  expect(await page({ key: b.key }).stored(store)).toBeUndefined()
  expect(await codeOf(page({ key: b.key }).refresh(store))).toBe('signature')
})

test('a browser without Ed25519 keeps the stored pack and accepts no new one', async () => {
  const { key, sign } = await signer()
  await sign()
  await visit({ key })
  server.publish({ sequence: 2 }, 77)
  await sign()
  vi.spyOn(crypto.subtle, 'importKey').mockRejectedValue(new DOMException('no', 'NotSupportedError'))
  const { pack } = (await page({ key }).stored(store))!
  expect(pack.manifest.sequence).toBe(1)
  expect(await codeOf(page({ key }).refresh(store, pack))).toBe('unsupported')
})

test('a manifest that is refused leaves everything as it was', async () => {
  const pack = await visit()
  const before = await store.list()
  for (const change of [{ version: 2 }, { files: {} }, { items: 0 }]) {
    server.publish({ sequence: 2, ...change })
    expect(await codeOf(page().refresh(store, pack))).toMatch(/version|malformed/)
  }
  server.publish({
    sequence: 2,
    files: { ...manifest().files, items: { ...manifest().files.items!, size: 2400 } },
  })
  expect(await codeOf(page().refresh(store, pack))).toBe('malformed')
  expect(await store.list()).toEqual(before)
  expect((await page().stored(store))!.pack.manifest.sequence).toBe(1)
})
