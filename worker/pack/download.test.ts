/** What servers may do wrong, and the errors that report it. */
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { encode, files, manifest, Server } from '../fixtures/packs.js'
import { fetchFile, fetchManifest, fetchSignature, type Source } from './download.js'
import { PackError } from './errors.js'

const { items } = manifest().files

function setup(): {
  server: Server
  source: Source
  fetchItems: (compressed?: boolean) => Promise<Uint8Array>
} {
  const server = new Server()
  const source = { url: server.url, fetch: server.fetch }
  return {
    server,
    source,
    fetchItems: (hostCompresses = false) => fetchFile(source, hostCompresses, items!),
  }
}

async function refusal(work: Promise<unknown>): Promise<[string, string]> {
  const error = await work.then(
    () => undefined,
    (thrown) => thrown,
  )
  expect(error).toBeInstanceOf(PackError)
  return [error.code, error.message]
}

test('fetches the gzip form, or the plain one from a host that compresses by itself', async () => {
  const { server, fetchItems } = setup()
  expect(await fetchItems()).toEqual(files.get(items!.name))
  expect(await fetchItems(true)).toEqual(files.get(items!.name))
  expect(server.asked).toEqual([`${items!.name}.gz`, items!.name])
})

test('reads files that the browser has unzipped already, because the server labels them gzip-encoded', async () => {
  const { server, fetchItems } = setup()
  server.served.set(`${items!.name}.gz`, files.get(items!.name)!)
  expect(await fetchItems()).toEqual(files.get(items!.name))
})

test('requests the manifest anew each time, and the files through the cache', async () => {
  const { server, source, fetchItems } = setup()
  await fetchManifest(source)
  await fetchItems()
  expect(server.caches).toEqual(['no-cache', 'default'])
})

test('counts the decoded bytes as they arrive', async () => {
  const { source } = setup()
  let loaded = 0
  await fetchFile(source, false, items!, (count) => {
    loaded += count
  })
  expect(loaded).toBe(items!.size)
})

test('the error says whether a file is missing, cut, changed, too large or not a pack file', async () => {
  const { server, source, fetchItems } = setup()
  const zipped = server.served.get(`${items!.name}.gz`)!
  const serving = (bytes: Uint8Array<ArrayBuffer>) => {
    server.served.set(`${items!.name}.gz`, bytes)
    return refusal(fetchItems())
  }
  expect(await serving(zipped.slice(0, 100))).toEqual([
    'truncated',
    `${items!.name}.gz: broke off, or is not whole gzip`,
  ])
  expect((await serving(files.get(items!.name)!.slice(0, 100)))[1]).toMatch(/100 bytes, expected 2464/)
  expect((await serving(new Uint8Array(0)))[0]).toBe('truncated')
  expect((await serving(encode('<!doctype html>')))[0]).toBe('truncated')
  const other = files.get(items!.name)!.slice().fill(0, 1000, 1010)
  expect((await serving(other))[0]).toBe('hash')
  server.served.delete(`${items!.name}.gz`)
  expect(await refusal(fetchItems())).toEqual(['network', `${items!.name}.gz: the server answered 404`])
  server.served.delete('manifest.json')
  expect(await refusal(fetchManifest(source))).toEqual(['network', 'manifest.json: the server answered 404'])
  server.served.set('manifest.json', new Uint8Array(70_000))
  expect((await refusal(fetchManifest(source)))[0]).toBe('too-large')
  expect(await fetchSignature(source)).toBeUndefined()
})

test('a decompression bomb is stopped at the declared size', async () => {
  const bomb = new Uint8Array(gzipSync(new Uint8Array(2 ** 24)))
  const fetch = async () => new Response(bomb)
  let decoded = 0
  const said = await refusal(
    fetchFile({ url: 'https://x.example/', fetch }, false, items!, (count) => {
      decoded += count
    }),
  )
  expect(said).toEqual(['too-large', `${items!.name}.gz: more than 2464 bytes`])
  expect(decoded).toBeLessThanOrEqual(items!.size)
})

test('a server that refuses, or does not answer, is a network error', async () => {
  const source = (fetch: () => Promise<Response>) => ({ url: 'https://x.example/', fetch })
  const refusing = source(async () => new Response('no', { status: 503 }))
  expect((await refusal(fetchManifest(refusing)))[1]).toBe('manifest.json: the server answered 503')
  const absent = source(() => Promise.reject(new TypeError('Failed to fetch')))
  expect((await refusal(fetchManifest(absent)))[1]).toBe(
    'manifest.json: no answer (offline, CORS, connect-src?)',
  )
})
