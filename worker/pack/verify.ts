/** Verifies bytes from outside: size and SHA-256 of each file, and the Ed25519 signature of the manifest. */
import { PackError, type PackErrorCode } from './errors.js'
import type { PackFile } from './manifest.js'
import type { Release } from './pack.js'
import { parseManifest } from './parse.js'

/** SHA-256 as hex. Browsers offer it only in a secure context: https or localhost. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  if (!crypto.subtle) throw new PackError('unsupported', 'packs need a page served over https')
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as BufferSource))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** @throws PackError 'truncated', 'too-large' or 'hash' */
export async function verifyFile(
  { name, size, sha256: expected }: PackFile,
  bytes: Uint8Array,
): Promise<void> {
  if (bytes.length !== size) {
    const code = bytes.length < size ? 'truncated' : 'too-large'
    throw new PackError(code, `${name}: ${bytes.length} bytes, expected ${size}`)
  }
  const found = await sha256(bytes)
  if (found !== expected) throw new PackError('hash', `${name}: SHA-256 is ${found}, expected ${expected}`)
}

/**
 * Checks `manifest.sig` (base64 of the 64 bytes of an Ed25519 signature, RFC 8032) over the manifest's exact bytes.
 * @param key base64 of the 32 raw bytes of the public key
 * @param file that the signature is in
 * @throws PackError 'signature' if it is missing or wrong, 'unsupported' if this browser cannot check Ed25519
 */
export async function verifySignature(
  manifest: Uint8Array,
  signature = '',
  key: string,
  file = 'manifest.sig',
): Promise<void> {
  let fault = signature ? 'not by the configured key' : 'missing'
  let code: PackErrorCode = 'signature'
  try {
    const publicKey = await crypto.subtle.importKey('raw', base64(key), 'Ed25519', false, ['verify'])
    if (await crypto.subtle.verify('Ed25519', publicKey, base64(signature), manifest as BufferSource)) return
  } catch (error) {
    fault = `cannot be checked: ${(error as Error).message}`
    if ((error as Error).name === 'NotSupportedError') code = 'unsupported'
  }
  throw new PackError(code, `${file}: ${fault}`)
}

/**
 * Makes a release from the bytes of a manifest.
 * @param key of the shop; without one, signatures are not checked
 * @throws PackError
 */
export async function readRelease(
  bytes: Uint8Array,
  options: { key?: string | undefined; signature?: string | undefined; maxPackBytes?: number | undefined },
): Promise<Release> {
  const { key, signature, maxPackBytes } = options
  if (key) await verifySignature(bytes, signature, key)
  return {
    manifest: parseManifest(bytes, maxPackBytes),
    bytes,
    hash: await sha256(bytes),
    signed: Boolean(key),
  }
}

function base64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.trim()), (character) => character.charCodeAt(0))
}
