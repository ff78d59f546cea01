/** Reads a pack from disk, with the same checks as in a browser. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PackError } from '../../../worker/pack/errors.js'
import { createPack, type Pack } from '../../../worker/pack/pack.js'
import { readRelease, verifyFile } from '../../../worker/pack/verify.js'
import { signatureOf } from './release.js'

/**
 * The pack in a folder, with all files attached. Size is not limited, because the files are on the user's own disk.
 * @param key public key, base64; if given, the folder's signature must be valid
 * @throws PackError
 */
export async function readPackFromDisk(folder: string, key?: string): Promise<Pack> {
  const signature = key && signatureOf(folder)
  const manifest = must(folder, 'manifest.json')
  const pack = createPack(await readRelease(manifest, { key, signature, maxPackBytes: Infinity }))
  for (const name of [...pack.missing(true), ...pack.missing(false)]) {
    const file = pack.manifest.files[name]!
    const bytes = must(folder, file.name)
    await verifyFile(file, bytes)
    pack.attach(name, bytes)
  }
  return pack
}

function must(folder: string, name: string): Uint8Array {
  const bytes = maybe(join(folder, name))
  if (!bytes)
    throw new PackError('network', `${join(folder, name)}: no such file. Is this the folder of a pack?`)
  return bytes
}

function maybe(path: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    // Copied, because small files are views of Node's buffer pool, in which nothing is aligned.
    return new Uint8Array(readFileSync(path))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
