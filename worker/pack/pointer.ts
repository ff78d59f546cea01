/**
 * The small entry of a store that says which pack is the current one: written last, when all its files are there, so
 * that a page that dies halfway leaves the old pack current. One for each pack address of the origin.
 */
import { parseManifest } from './parse.js'
import { fnv1a } from './sections.js'
import type { PackStore } from './store/store.js'

/** A manifest as it was served, and the key whose signature of it has been checked ('' for none). */
export interface Kept {
  text: string
  key: string
}

export interface Pointer {
  url: string
  /** When it was written, unix ms: the longest unused addresses are dropped first. */
  saved: number
  /** The newest release this browser accepted, even one that is disabled. */
  current?: Kept
  /** The last one before it that served. */
  previous?: Kept
  /** Hashes of manifests whose packs failed here; they are not fetched again. */
  refused: string[]
}

const PREFIX = 'current-'
/** Pack addresses kept an origin, e.g. one a language. */
const MOST = 4

const nameOf = (url: string) => `${PREFIX}${fnv1a(url).toString(16)}.json`

/** The pointer for a pack's address; an empty one when there is none that can be read. */
export async function readPointer(store: PackStore, url: string): Promise<Pointer> {
  const pointer = parsePointer(await store.read(nameOf(url)))
  return pointer?.url === url ? pointer : { url, saved: 0, refused: [] }
}

/** Writes the pointer, then removes files that no pointer names any more. To be called with the lock held. */
export async function writePointer(store: PackStore, pointer: Pointer): Promise<void> {
  await store.write(nameOf(pointer.url), new TextEncoder().encode(JSON.stringify(pointer)))
  const names = await store.list()
  const pointers: [string, Pointer][] = []
  for (const name of names.filter((name) => name.startsWith(PREFIX))) {
    const found = parsePointer(await store.read(name))
    if (found) pointers.push([name, found])
  }
  pointers.sort(([, a], [, b]) => b.saved - a.saved)
  const needed = new Set<string>()
  for (const [name, { current, previous }] of pointers.slice(0, MOST)) {
    needed.add(name)
    for (const kept of [current, previous]) {
      for (const file of kept ? filesOf(kept) : []) needed.add(file)
    }
  }
  for (const name of names) if (!needed.has(name)) await store.delete(name)
}

function filesOf({ text }: Kept): string[] {
  try {
    const { files } = parseManifest(new TextEncoder().encode(text), Infinity)
    return Object.values(files).map(({ name }) => name)
  } catch {
    return []
  }
}

function parsePointer(bytes: Uint8Array | undefined): Pointer | undefined {
  if (!bytes) return undefined
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as Pointer
  } catch {
    return undefined
  }
}
