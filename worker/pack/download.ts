/**
 * Fetches a pack's files, in streams that end at the declared size whatever the server sends. The manifest is always
 * revalidated; the files are named by their content, so any cache may keep them for good.
 */
import { PackError } from './errors.js'
import type { Manifest, PackFile } from './manifest.js'
import { MAX_MANIFEST_BYTES } from './parse.js'
import { verifyFile } from './verify.js'

export interface Source {
  /** Absolute URL of the pack's folder, with a trailing slash. */
  url: string
  fetch: typeof fetch
  signal?: AbortSignal | undefined
}

/** `manifest.json`'s bytes. */
export async function fetchManifest(source: Source): Promise<Uint8Array> {
  const name = 'manifest.json'
  const body = await get(source, name, 'no-cache')
  if (!body) throw new PackError('network', `${name}: not found (404) in ${source.url}`)
  return bounded(source, body, name, MAX_MANIFEST_BYTES)
}

/** `manifest.sig`'s text; undefined when there is none. */
export async function fetchSignature(source: Source): Promise<string | undefined> {
  const body = await get(source, 'manifest.sig', 'no-cache')
  return body && new TextDecoder().decode(await bounded(source, body, 'manifest.sig', 1024))
}

/**
 * One file, decoded and verified.
 * @param onBytes called with the number of decoded bytes of each piece
 * @throws PackError; or the signal's reason, when it was aborted
 */
export async function fetchFile(
  source: Source,
  { hostCompresses }: Manifest,
  file: PackFile,
  onBytes: (count: number) => void = () => {},
): Promise<Uint8Array> {
  const unzips = typeof DecompressionStream !== 'undefined'
  const name = hostCompresses || !unzips ? file.name : `${file.name}.gz`
  const body = await get(source, name, 'default')
  if (!body) throw new PackError('network', `${name}: not found (404) in ${source.url}`)
  const bytes = new Uint8Array(file.size)
  let length = 0
  await read(source, await unzipped(body), name, (piece) => {
    if (length + piece.length > file.size) {
      throw new PackError('too-large', `${name}: more than the ${file.size} bytes that the manifest declares`)
    }
    bytes.set(piece, length)
    length += piece.length
    onBytes(piece.length)
  })
  await verifyFile(file, bytes.subarray(0, length))
  return bytes
}

type Body = ReadableStream<Uint8Array<ArrayBuffer>>

/** The response's body, or undefined for a 404 or 410. */
async function get(source: Source, name: string, cache: RequestCache): Promise<Body | undefined> {
  const { fetch, url, signal } = source
  let response: Response
  try {
    response = await fetch(url + name, { cache, ...(signal ? { signal } : {}) })
  } catch {
    signal?.throwIfAborted()
    throw new PackError('network', `${name}: no answer from ${url} (offline, CORS or connect-src?)`)
  }
  if (response.status === 404 || response.status === 410) return undefined
  if (!response.ok || !response.body) {
    throw new PackError('network', `${name}: the server answered ${response.status}, expected 200`)
  }
  return response.body
}

async function bounded(source: Source, body: Body, name: string, most: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  let length = 0
  await read(source, body, name, (piece) => {
    length += piece.length
    if (length > most) throw new PackError('too-large', `${name}: more than ${most} bytes`)
    pieces.push(piece)
  })
  const bytes = new Uint8Array(length)
  let at = 0
  for (const piece of pieces) {
    bytes.set(piece, at)
    at += piece.length
  }
  return bytes
}

/** Hands on the pieces of a stream; whatever `take` throws ends the download. */
async function read({ signal }: Source, body: Body, name: string, take: (piece: Uint8Array) => void) {
  const reader = body.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      take(value)
    }
  } catch (error) {
    void reader.cancel().catch(() => {})
    signal?.throwIfAborted()
    if (error instanceof PackError) throw error
    throw new PackError('truncated', `${name}: broke off, or is not whole gzip`)
  }
}

/**
 * Unzips what begins as gzip. Some servers label `.gz` files as gzip-encoded, and then the browser has unzipped them
 * already; a decoded file begins with "nearside", so the first byte tells.
 */
async function unzipped(body: Body): Promise<Body> {
  const reader = body.getReader()
  const first = await reader.read().catch(() => ({ done: true as const, value: undefined }))
  const whole: Body = new ReadableStream({
    start(controller) {
      if (first.value) controller.enqueue(first.value)
      else controller.close()
    },
    async pull(controller) {
      const { done, value } = await reader.read()
      if (done) controller.close()
      else controller.enqueue(value)
    },
    cancel: (reason) => reader.cancel(reason),
  })
  return first.value?.[0] === 0x1f ? whole.pipeThrough(new DecompressionStream('gzip')) : whole
}
