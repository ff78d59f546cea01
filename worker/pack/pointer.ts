/**
 * The pointer is a small entry of a store. It says which pack is the current one, for each pack address of the origin. It is
 * written after all files. So if a page ends halfway, the old pack is still the current one.
 */
import type { Release } from './pack.js'
import type { PackStore } from './store/store.js'

/** A release that this browser accepted. */
export interface Kept {
  /** The manifest, as it was served. */
  text: string
  /** The public key that its signature was checked with; '' if it was not checked. */
  key: string
  hash: string
  sequence: number
  disabled: boolean
  /** Names of its files. */
  files: string[]
}

export interface Pointer {
  url: string
  /** The newest release, even one that is disabled. */
  current?: Kept | undefined
  /** The last release before it that was in use. */
  previous?: Kept | undefined
  /** Hashes of manifests whose packs failed here; they are not fetched again. */
  refused: string[]
}

const NAME = 'current'
/** The most pack addresses that are kept for an origin. A shop may have one address for each language. */
const MOST = 4

/** Reads the pointer for a pack's address. If none can be read, returns an empty one. */
export async function readPointer(store: PackStore, url: string): Promise<Pointer> {
  const pointers = await readAll(store)
  return pointers.find((pointer) => pointer.url === url) ?? { url, refused: [] }
}

/**
 * Makes a release the current one, unless the current one is newer.
 * @returns whether it is the current one now
 */
export function advance(pointer: Pointer, { manifest, bytes, hash }: Release, key: string): boolean {
  const { sequence, disabled, files } = manifest
  const { current } = pointer
  // Another tab has stored a newer release meanwhile.
  if (current && current.sequence > sequence) return false
  // A disabled release was never in use, so the one before it stays the previous one.
  if (current && current.hash !== hash && !current.disabled) pointer.previous = current
  const text = new TextDecoder().decode(bytes)
  const names = Object.values(files).map(({ name }) => name)
  pointer.current = { text, key, hash, sequence, disabled, files: names }
  return true
}

/** Writes the pointer, then removes files that no pointer names any more. The caller must hold the lock. */
export async function writePointer(store: PackStore, pointer: Pointer): Promise<void> {
  const others = (await readAll(store)).filter(({ url }) => url !== pointer.url)
  // The address that was written longest ago is dropped first.
  const pointers = [pointer, ...others].slice(0, MOST)
  await store.write(NAME, new TextEncoder().encode(JSON.stringify(pointers)))
  const needed = pointers
    .flatMap(({ current, previous }) => [current, previous])
    .flatMap((kept) => kept?.files)
  for (const name of await store.list()) {
    if (name !== NAME && !needed.includes(name)) await store.delete(name)
  }
}

async function readAll(store: PackStore): Promise<Pointer[]> {
  try {
    const pointers: Pointer[] = JSON.parse(new TextDecoder().decode(await store.read(NAME)))
    return pointers.filter((pointer) => pointer?.url)
  } catch {
    return []
  }
}
