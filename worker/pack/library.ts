/**
 * Decides which pack is used: the stored one at once, the one from the network after it is verified, and the previous one
 * if a pack fails. A browser never goes back to a lower sequence, and never replaces a good pack with a bad one.
 */
import { fetchFile, fetchManifest, fetchSignature } from './download.js'
import { PackError } from './errors.js'
import type { PackFile } from './manifest.js'
import { createPack, type Pack } from './pack.js'
import { advance, type Kept, type Pointer, readPointer, writePointer } from './pointer.js'
import { exclusively } from './store/lock.js'
import type { PackStore } from './store/store.js'
import { readRelease, verifyFile } from './verify.js'

export interface LibraryOptions {
  /** Absolute URL of the pack's folder, with a trailing slash. */
  url: string
  /** Ed25519 public key, base64 of 32 raw bytes. With it, unsigned packs are refused. */
  key?: string | undefined
  /** A pack with more decoded bytes is refused; 64 MB by default. */
  maxPackBytes?: number | undefined
  fetch: typeof fetch
  /** Called with the decoded bytes so far and in total, while files come over the network. */
  onProgress?: (loaded: number, total: number) => void
}

/** The result of asking the network. */
export interface Refreshed {
  /** A release to try; undefined if the manifest is that of the current pack, or of a pack that has failed here. */
  pack?: Pack
  /** The kill switch: no pack may be used now. */
  disabled: boolean
}

export interface PackLibrary {
  /**
   * Returns the last good pack of the store, verified, with its required files; undefined if there is none. If its
   * `manifest.disabled` is set, it must not be used until `refresh` returns something else.
   */
  stored(store: PackStore): Promise<{ pack: Pack; from: PackStore['kind'] } | undefined>
  /**
   * Asks the network. Only files that neither the current pack nor the store has are fetched.
   * @param store only passed under a grant; a disabled release is remembered in it
   * @throws PackError if the served pack is not acceptable; the stored packs stay as they are
   */
  refresh(store?: PackStore, current?: Pack): Promise<Refreshed>
  /**
   * Attaches the optional files (the item facts), from the store or else the network, and stores them.
   * @throws PackError; the pack can be used without them
   */
  complete(pack: Pack, store?: PackStore): Promise<void>
  /** Stores a pack that works here: first its files, then the pointer. */
  keep(store: PackStore, pack: Pack): Promise<void>
  /** Remembers that a pack failed here. It is not fetched again. If it is the stored one, the previous one takes its place. */
  refuse(store: PackStore | undefined, pack: Pack): Promise<void>
}

/** The most refused manifests that are remembered. */
const MOST_REFUSED = 8

export function createLibrary(options: LibraryOptions): PackLibrary {
  const { url, key = '', maxPackBytes, onProgress } = options
  /** Hashes of manifests. */
  const refused = new Set<string>()

  /** Reads the store's pointer, without packs that were verified with another key than the present one. */
  async function pointerOf(store: PackStore): Promise<Pointer> {
    const pointer = await readPointer(store, url)
    const trusted = (kept?: Kept) => (!key || kept?.key === key ? kept : undefined)
    return { ...pointer, current: trusted(pointer.current), previous: trusted(pointer.previous) }
  }

  function update(store: PackStore, change: (pointer: Pointer) => boolean | Promise<boolean>): Promise<void> {
    return exclusively(async () => {
      const pointer = await pointerOf(store)
      if (await change(pointer)) await writePointer(store, pointer)
    })
  }

  /** Reads a file from the store; undefined if it is missing or damaged. */
  async function wholeOf(file: PackFile, store?: PackStore): Promise<Uint8Array | undefined> {
    try {
      const bytes = await store?.read(file.name)
      if (bytes) await verifyFile(file, bytes)
      return bytes
    } catch {
      return undefined
    }
  }

  /** Attaches missing files that the current pack or the store has. */
  async function attachKept(pack: Pack, required: boolean, store?: PackStore, current?: Pack): Promise<void> {
    await Promise.all(
      pack.missing(required).map(async (key) => {
        const file = pack.manifest.files[key]!
        const same = current?.attached.find((other) => other.file.sha256 === file.sha256)
        const bytes = same?.bytes ?? (await wholeOf(file, store))
        if (bytes) pack.attach(key, bytes)
      }),
    )
  }

  /** Fetches the files that are still missing and attaches them; returns how many bytes they have. */
  async function attachFetched(pack: Pack, required: boolean): Promise<number> {
    const { files, hostCompresses } = pack.manifest
    const keys = pack.missing(required)
    const total = keys.reduce((sum, key) => sum + files[key]!.size, 0)
    let loaded = 0
    const arrived = (count: number) => {
      loaded += count
      onProgress?.(loaded, total)
    }
    await Promise.all(
      keys.map(async (key) =>
        pack.attach(key, await fetchFile(options, hostCompresses, files[key]!, arrived)),
      ),
    )
    return total
  }

  function keep(store: PackStore, pack: Pack): Promise<void> {
    return update(store, async (pointer) => {
      if (!advance(pointer, pack.release, key)) return false
      for (const { file, bytes } of pack.attached) {
        if (!(await wholeOf(file, store))) await store.write(file.name, bytes)
      }
      return true
    })
  }

  return {
    async stored(store) {
      const { current } = await pointerOf(store)
      if (!current || refused.has(current.hash)) return undefined
      // The signature was checked when the manifest arrived. Now the files are checked against the manifest.
      const release = await readRelease(new TextEncoder().encode(current.text), { maxPackBytes })
      const pack = createPack({ ...release, signed: key !== '' })
      await attachKept(pack, true, store)
      // Files that were lost or damaged are fetched again.
      return pack.missing(true).length > 0 ? undefined : { pack, from: store.kind }
    },

    async refresh(store, current) {
      const [bytes, signature] = await Promise.all([
        fetchManifest(options),
        key ? fetchSignature(options) : undefined,
      ])
      const release = await readRelease(bytes, { key, signature, maxPackBytes })
      const { hash, manifest } = release
      const { sequence, disabled } = manifest
      const kept = store && (await pointerOf(store))
      const newest = Math.max(current?.manifest.sequence ?? 0, kept?.current?.sequence ?? 0)
      if (sequence < newest) {
        throw new PackError('downgrade', `manifest.json: sequence ${sequence} is older than ${newest}`)
      }
      if (disabled) {
        if (store && kept?.current?.hash !== hash) {
          await update(store, (pointer) => advance(pointer, release, key))
        }
        return { disabled }
      }
      const failed = refused.has(hash) || kept?.refused.includes(hash)
      if (current && (failed || current.release.hash === hash)) return { disabled }
      if (failed) {
        throw new PackError('golden', `manifest.json: sequence ${sequence} failed here before`)
      }
      const pack = createPack(release)
      await attachKept(pack, true, store, current)
      await attachFetched(pack, true)
      return { pack, disabled }
    },

    async complete(pack, store) {
      await attachKept(pack, false, store)
      if ((await attachFetched(pack, false)) && store) await keep(store, pack)
    },

    keep,

    async refuse(store, { release: { hash } }) {
      refused.add(hash)
      if (!store) return
      await update(store, (pointer) => {
        pointer.refused = [...pointer.refused, hash].slice(-MOST_REFUSED)
        if (pointer.current?.hash === hash) {
          pointer.current = pointer.previous
          pointer.previous = undefined
        }
        return true
      })
    },
  }
}
