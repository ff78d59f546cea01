/**
 * Fetches a pack's files. Reading stops at the declared size, even if the server sends more. The manifest is always
 * revalidated. The other files are named by their content, so any cache may keep them for ever.
 */
import { PackError } from './errors.js'
import type { PackFile } from './manifest.js'
import { MAX_MANIFEST_BYTES } from './parse.js'
import { verifyFile } from './verify.js'

export interface Source {
  /** Absolute URL of the pack's folder, with a trailing slash. */
  url: string
  fetch: typeof fetch
}

/**
 * Fetches the bytes of `manifest.json`. A service worker of the shop may answer from its own cache, whatever the request
 * says. That would hide new packs and the kill switch. So if a service worker has answered, the manifest is requested again,
 * at an address that no cache has.
 */
export async function fetchManifest(source: Source): Promise<Uint8Array> {
  const ask = (name: string) => get(source, name, MAX_MANIFEST_BYTES, 'no-cache')
  const bytes = await ask('manifest.json')
  if (!(await byServiceWorker(`${source.url}manifest.json`))) return bytes
  return ask(`manifest.json?at=${Date.now()}`).catch(() => bytes)
}

/** Whether a service worker has answered the last request for an address. */
async function byServiceWorker(url: string): Promise<boolean> {
  // The browser writes the performance entry only after the answer was read.
  await new Promise((resolve) => setTimeout(resolve, 0))
  const entry = globalThis.performance?.getEntriesByName?.(url).at(-1) as
    | PerformanceResourceTiming
    | undefined
  return (entry?.workerStart ?? 0) > 0
}

/** Fetches the text of `manifest.sig`; undefined if it cannot be loaded. */
export function fetchSignature(source: Source): Promise<string | undefined> {
  return get(source, 'manifest.sig', 1024, 'no-cache').then(
    (bytes) => new TextDecoder().decode(bytes),
    () => undefined,
  )
}

/**
 * Fetches one file, decodes and verifies it.
 * @param plain whether the host compresses by itself; if not, the gzip form is fetched
 * @param onBytes called with the number of decoded bytes of each piece
 * @throws PackError
 */
export async function fetchFile(
  source: Source,
  plain: boolean,
  file: PackFile,
  onBytes?: (count: number) => void,
): Promise<Uint8Array> {
  const gz = plain || typeof DecompressionStream === 'undefined' ? '' : '.gz'
  const bytes = await get(source, file.name + gz, file.size, 'default', onBytes)
  await verifyFile(file, bytes)
  return bytes
}

/**
 * The bytes of a file, unzipped, up to a limit.
 * @throws PackError
 */
export async function get(
  { fetch, url }: Source,
  name: string,
  most: number,
  cache: RequestCache,
  onBytes?: (count: number) => void,
): Promise<Uint8Array> {
  const response = await fetch(url + name, { cache }).catch(() => {
    throw new PackError('network', `${name}: no answer (offline, CORS, connect-src?)`)
  })
  if (!response.ok || !response.body) {
    throw new PackError('network', `${name}: the server answered ${response.status}`)
  }
  const bytes = new Uint8Array(most)
  let length = 0
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined
  try {
    reader = (await unzipped(response.body)).getReader()
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return bytes.subarray(0, length)
      if (length + value.length > most) throw new PackError('too-large', `${name}: more than ${most} bytes`)
      bytes.set(value, length)
      length += value.length
      onBytes?.(value.length)
    }
  } catch (error) {
    void reader?.cancel().catch(() => {})
    if (error instanceof PackError) throw error
    throw new PackError('truncated', `${name}: broke off, or is not whole gzip`)
  }
}

type Bytes = ReadableStream<Uint8Array<ArrayBuffer>>

/**
 * Unzips a stream if it begins like gzip. Some servers label `.gz` files as gzip-encoded, and then the browser has
 * unzipped them already. A decoded file begins with "nearside", so the first byte shows which case it is.
 */
async function unzipped(body: Bytes): Promise<Bytes> {
  const [beginning, whole] = body.tee()
  const reader = beginning.getReader()
  const { value } = await reader.read()
  // Not awaited, because it settles only when the other half ends too.
  reader.cancel().catch(() => {})
  return value?.[0] === 0x1f ? whole.pipeThrough(new DecompressionStream('gzip')) : whole
}
