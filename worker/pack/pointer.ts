/**
 * The small entry of a store that says which pack is the current one: written last, when all its files are there, so
 * that a page that dies halfway leaves the old pack current. One for each pack address of the origin.
 */
import type { Release } from './pack.js'
import { fnv1a } from './sections.js'
import type { PackStore } from './store/store.js'

/** A release that this browser accepted. */
export interface Kept {
  /** The manifest, as it was served. */
  text: string
  /** The public key whose signature of it has been checked; '' for none. */
  key: string
  hash: string
  sequence: number
  disabled: boolean
  /** Names of its files. */
  files: string[]
}

export interface Pointer {
  url: string
  /** When it was written, unix ms: the longest unused addresses are dropped first. */
  saved: number
  /** The newest release, even one that is disabled. */
  current?: Kept | undefined
  /** The last one before it that served. */
  previous?: Kept | undefined
  /** Hashes of manifests whose packs failed here; they are not fetched again. */
  refused: string[]
}

const PREFIX = 'current-'
/** Pack addresses kept an origin, e.g. one a language. */
const MOST = 4

const nameOf = (url: string) => PREFIX + fnv1a(url)

/** The pointer for a pack's address; an empty one when there is none that can be read. */
export async function readPointer(store: PackStore, url: string): Promise<Pointer> {
  const pointer = await read(store, nameOf(url))
  return pointer?.url === url ? pointer : { url, saved: 0, refused: [] }
}

/**
 * Makes a release the current one, unless a newer one is.
 * @returns whether it is the current one now
 */
export function advance(pointer: Pointer, { manifest, bytes, hash }: Release, key: string): boolean {
  const { sequence, disabled, files } = manifest
  const { current } = pointer
  // Another tab was faster.
  if (current && current.sequence > sequence) return false
  // A disabled release never served: what was before it stays the one to go back to.
  if (current && current.hash !== hash && !current.disabled) pointer.previous = current
  pointer.current = {
    text: new TextDecoder().decode(bytes),
    key,
    hash,
    sequence,
    disabled,
    files: Object.values(files).map(({ name }) => name),
  }
  return true
}

/** Writes the pointer, then removes files that no pointer names any more. To be called with the lock held. */
export async function writePointer(store: PackStore, pointer: Pointer): Promise<void> {
  pointer.saved = Date.now()
  await store.write(nameOf(pointer.url), new TextEncoder().encode(JSON.stringify(pointer)))
  const names = await store.list()
  const pointers: Pointer[] = []
  for (const name of names) {
    const found = name.startsWith(PREFIX) && (await read(store, name))
    if (found) pointers.push(found)
  }
  pointers.sort((a, b) => b.saved - a.saved)
  const needed = new Set(
    pointers
      .slice(0, MOST)
      .flatMap(({ url, current, previous }) => [
        nameOf(url),
        ...(current?.files ?? []),
        ...(previous?.files ?? []),
      ]),
  )
  for (const name of names) if (!needed.has(name)) await store.delete(name)
}

async function read(store: PackStore, name: string): Promise<Pointer | undefined> {
  try {
    return JSON.parse(new TextDecoder().decode(await store.read(name))) ?? undefined
  } catch {
    return undefined
  }
}
