/**
 * Which pack serves: the stored one at once, the served one once it is verified, the one before when it fails. A
 * browser never goes back to a lower sequence, and never loses a good pack for a bad one.
 */
import { fetchFile, fetchManifest, fetchSignature, type Source } from './download.js'
import { PackError } from './errors.js'
import { Pack, type Release } from './pack.js'
import { MAX_PACK_BYTES } from './parse.js'
import { type Kept, type Pointer, readPointer, writePointer } from './pointer.js'
import { exclusively } from './store/lock.js'
import type { PackStore } from './store/store.js'
import { readRelease, verifyFile } from './verify.js'

export interface LibraryOptions {
  /** Absolute URL of the pack's folder, with a trailing slash. */
  url: string
  /** Ed25519 public key, base64 of 32 raw bytes. With it, unsigned packs are refused. */
  key?: string
  /** Decoded bytes of a whole pack above which it is refused. */
  maxPackBytes?: number
  fetch?: typeof fetch
  signal?: AbortSignal
  /** Decoded bytes so far and in all, while files come over the network. */
  onProgress?: (loaded: number, total: number) => void
}

/** What the network had. */
export interface Refreshed {
  /** A release that is not the current one, ready to be tried. */
  pack?: Pack
  /** The kill switch: no pack may serve now. */
  disabled: boolean
  /** The manifest is the current pack's. */
  unchanged: boolean
}

/** Manifests remembered as refused. */
const MOST_REFUSED = 8

export class PackLibrary {
  readonly #source: Source
  readonly #key: string | undefined
  readonly #maxPackBytes: number
  readonly #onProgress: (loaded: number, total: number) => void
  readonly #refused = new Set<string>()

  constructor({ url, key, maxPackBytes, fetch: get, signal, onProgress }: LibraryOptions) {
    this.#source = { url, signal, fetch: get ?? ((...args) => fetch(...args)) }
    this.#key = key
    this.#maxPackBytes = maxPackBytes ?? MAX_PACK_BYTES
    this.#onProgress = onProgress ?? (() => {})
  }

  /**
   * The last good pack of the store, verified, with its required files; undefined when there is none.
   * Its `manifest.disabled` still stands until `refresh` says otherwise.
   */
  async stored(store: PackStore): Promise<{ pack: Pack; from: PackStore['kind'] } | undefined> {
    const { current, refused } = await readPointer(store, this.#source.url)
    for (const hash of refused) this.#refused.add(hash)
    const pack = await this.#openKept(store, current)
    return pack && { pack, from: store.kind }
  }

  /** The pack before the stored one, for when the stored one fails here. */
  async previous(store: PackStore): Promise<{ pack: Pack; from: PackStore['kind'] } | undefined> {
    const { previous } = await readPointer(store, this.#source.url)
    const pack = await this.#openKept(store, previous)
    return pack && { pack, from: store.kind }
  }

  /**
   * Asks the network. Only files that neither the current pack nor the store has are fetched.
   * @param store under a grant; a disabled release is remembered in it
   * @throws PackError when what is served is not acceptable; what is stored stays as it is
   */
  async refresh(store?: PackStore, current?: Pack): Promise<Refreshed> {
    const [bytes, signature] = await Promise.all([
      fetchManifest(this.#source),
      this.#key === undefined ? undefined : fetchSignature(this.#source),
    ])
    const release = await readRelease(bytes, { key: this.#key, signature, maxPackBytes: this.#maxPackBytes })
    const { sequence, disabled } = release.manifest
    const pointer = store && (await readPointer(store, this.#source.url))
    const kept = pointer?.current && (await this.#releaseOf(pointer.current))
    const newest = Math.max(current?.manifest.sequence ?? 0, kept?.manifest.sequence ?? 0)
    if (sequence < newest) {
      throw new PackError(
        'downgrade',
        `manifest.json: sequence ${sequence} is older than ${newest}, seen before`,
      )
    }
    if (disabled) {
      if (store && kept?.hash !== release.hash) await this.#point(store, release)
      return { disabled, unchanged: kept?.hash === release.hash }
    }
    if (current?.release.hash === release.hash) return { disabled, unchanged: true }
    if (this.#refused.has(release.hash) || pointer?.refused.includes(release.hash)) {
      if (current) return { disabled, unchanged: true }
      throw new PackError('golden', `manifest.json: the pack of sequence ${sequence} has failed here before`)
    }
    const pack = new Pack(release)
    await this.#load(pack, Pack.filesOf(release.manifest).required, { store, current, network: true })
    return { pack, disabled, unchanged: false }
  }

  /**
   * Attaches the optional files, the item facts, from the store or else the network, and keeps them in the store.
   * @throws PackError; the pack serves without them
   */
  async complete(pack: Pack, store?: PackStore): Promise<void> {
    const keys = Pack.filesOf(pack.manifest).optional.filter((key) => !pack.file(key))
    const fetched = await this.#load(pack, keys, { store, current: undefined, network: true })
    if (!store || fetched.length === 0) return
    await exclusively(async () => {
      const { current } = await readPointer(store, this.#source.url)
      // If another release has taken its place, the file would only be collected.
      if (!current || (await this.#releaseOf(current))?.hash !== pack.release.hash) return
      for (const key of fetched) await store.write(pack.manifest.files[key]!.name, pack.file(key)!)
    })
  }

  /**
   * Makes a pack that has proved itself the stored one: its files first, the pointer last.
   * @returns the store, which may have moved to another place on the way (`kind`)
   */
  async keep(store: PackStore, pack: Pack): Promise<PackStore> {
    await exclusively(async () => {
      const pointer = await readPointer(store, this.#source.url)
      const kept = pointer.current && (await this.#releaseOf(pointer.current))
      // Another tab was faster, with a newer one.
      if (kept && kept.manifest.sequence > pack.manifest.sequence) return
      for (const [file, bytes] of pack.attached) {
        const stored = await store.read(file.name)
        if (!stored || !(await fits(file, stored))) await store.write(file.name, bytes)
      }
      await this.#writeCurrent(store, pointer, kept, pack.release)
    })
    return store
  }

  /** Remembers that a pack failed here, so that it is neither fetched nor tried again. */
  async refuse(store: PackStore | undefined, pack: Pack): Promise<void> {
    const { hash } = pack.release
    this.#refused.add(hash)
    if (!store) return
    await exclusively(async () => {
      const pointer = await readPointer(store, this.#source.url)
      pointer.refused = [...pointer.refused.filter((other) => other !== hash), hash].slice(-MOST_REFUSED)
      const kept = pointer.current && (await this.#releaseOf(pointer.current))
      if (kept?.hash === hash) {
        delete pointer.current
        if (pointer.previous) pointer.current = pointer.previous
        delete pointer.previous
      }
      await writePointer(store, { ...pointer, saved: Date.now() })
    })
  }

  /** Remembers a disabled release without its files. */
  async #point(store: PackStore, release: Release): Promise<void> {
    await exclusively(async () => {
      const pointer = await readPointer(store, this.#source.url)
      const kept = pointer.current && (await this.#releaseOf(pointer.current))
      if (kept && kept.manifest.sequence > release.manifest.sequence) return
      await this.#writeCurrent(store, pointer, kept, release)
    })
  }

  async #writeCurrent(
    store: PackStore,
    pointer: Pointer,
    kept: Release | undefined,
    release: Release,
  ): Promise<void> {
    const current: Kept = { text: new TextDecoder().decode(release.bytes), key: this.#key ?? '' }
    const next: Pointer = { ...pointer, current, saved: Date.now() }
    // A disabled release never served: what was before it stays the one to go back to.
    const served = kept && kept.hash !== release.hash && !kept.manifest.disabled
    if (served && pointer.current) next.previous = pointer.current
    await writePointer(store, next)
  }

  async #openKept(store: PackStore, kept: Kept | undefined): Promise<Pack | undefined> {
    const release = kept && (await this.#releaseOf(kept))
    if (!release || this.#refused.has(release.hash)) return undefined
    const pack = new Pack(release)
    try {
      await this.#load(pack, Pack.filesOf(release.manifest).required, {
        store,
        current: undefined,
        network: false,
      })
      return pack
    } catch (error) {
      // Files that were lost or damaged come over the network again.
      if (error instanceof PackError) return undefined
      throw error
    }
  }

  /** A stored manifest, if it can be read and was verified under the key that is configured now. */
  async #releaseOf({ text, key }: Kept): Promise<Release | undefined> {
    if (this.#key !== undefined && key !== this.#key) return undefined
    try {
      const bytes = new TextEncoder().encode(text)
      const release = await readRelease(bytes, { maxPackBytes: this.#maxPackBytes })
      return { ...release, signed: this.#key !== undefined }
    } catch {
      return undefined
    }
  }

  /** Attaches files, each from the current pack, the store or the network; returns those from the network. */
  async #load(
    pack: Pack,
    keys: string[],
    from: { store: PackStore | undefined; current: Pack | undefined; network: boolean },
  ): Promise<string[]> {
    const { files } = pack.manifest
    const { store, current, network } = from
    const missing: string[] = []
    await Promise.all(
      keys.map(async (key) => {
        const file = files[key]!
        const same = current?.attached.find(
          ([{ name, sha256 }]) => name === file.name && sha256 === file.sha256,
        )
        const bytes = same?.[1] ?? (await store?.read(file.name))
        if (bytes && (same || (await fits(file, bytes)))) pack.attach(key, bytes)
        else missing.push(key)
      }),
    )
    if (missing.length === 0) return missing
    if (!network)
      throw new PackError('truncated', `${files[missing[0]!]!.name}: not in the store, or damaged there`)
    const total = missing.reduce((sum, key) => sum + files[key]!.size, 0)
    let loaded = 0
    await Promise.all(
      missing.map(async (key) => {
        const bytes = await fetchFile(this.#source, pack.manifest, files[key]!, (count) => {
          loaded += count
          this.#onProgress(loaded, total)
        })
        pack.attach(key, bytes)
      }),
    )
    return missing
  }
}

async function fits(file: Pack['attached'][number][0], bytes: Uint8Array): Promise<boolean> {
  try {
    await verifyFile(file, bytes)
    return true
  } catch {
    return false
  }
}
