/**
 * Which pack serves: the stored one at once, the served one once it is verified, the one before when it fails. A
 * browser never goes back to a lower sequence, and never loses a good pack for a bad one.
 */
import { fetchFile, fetchManifest, fetchSignature, type Source } from './download.js'
import { PackError } from './errors.js'
import { Pack } from './pack.js'
import { advance, type Kept, type Pointer, readPointer, writePointer } from './pointer.js'
import { exclusively } from './store/lock.js'
import type { PackStore } from './store/store.js'
import { readRelease, verifyFile } from './verify.js'

export interface LibraryOptions {
  /** Absolute URL of the pack's folder, with a trailing slash. */
  url: string
  /** Ed25519 public key, base64 of 32 raw bytes. With it, unsigned packs are refused. */
  key?: string
  /** Decoded bytes of a whole pack above which it is refused; 64 MB by default. */
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
  /** The manifest is the current pack's, or one that has failed here. */
  unchanged: boolean
}

/** Manifests remembered as refused. */
const MOST_REFUSED = 8

export class PackLibrary {
  readonly #options: LibraryOptions
  readonly #source: Source
  readonly #key: string
  readonly #refused = new Set<string>()

  constructor(options: LibraryOptions) {
    this.#options = options
    this.#source = { fetch: (...args) => fetch(...args), ...options }
    this.#key = options.key ?? ''
  }

  /**
   * The last good pack of the store, verified, with its required files; undefined when there is none. If its
   * `manifest.disabled` is set, it may not serve until `refresh` says otherwise.
   */
  async stored(store: PackStore): Promise<{ pack: Pack; from: PackStore['kind'] } | undefined> {
    const { current, refused } = await this.#pointer(store)
    for (const hash of refused) this.#refused.add(hash)
    if (!current || this.#refused.has(current.hash)) return undefined
    try {
      // What was signed when it came needs no second check: the files are checked against it.
      const release = await readRelease(new TextEncoder().encode(current.text), this.#limits)
      const pack = new Pack({ ...release, signed: this.#key !== '' })
      await this.#load(pack, pack.missing(true), store, undefined, false)
      return { pack, from: store.kind }
    } catch (error) {
      // Files that were lost or damaged come over the network again.
      if (error instanceof PackError) return undefined
      throw error
    }
  }

  /**
   * Asks the network. Only files that neither the current pack nor the store has are fetched.
   * @param store under a grant; a disabled release is remembered in it
   * @throws PackError when what is served is not acceptable; what is stored stays as it is
   */
  async refresh(store?: PackStore, current?: Pack): Promise<Refreshed> {
    const [bytes, signature] = await Promise.all([
      fetchManifest(this.#source),
      this.#key ? fetchSignature(this.#source) : undefined,
    ])
    const release = await readRelease(bytes, { key: this.#key, signature, ...this.#limits })
    const { hash, manifest } = release
    const { sequence, disabled } = manifest
    const kept = store && (await this.#pointer(store))
    const newest = Math.max(current?.manifest.sequence ?? 0, kept?.current?.sequence ?? 0)
    if (sequence < newest) {
      throw new PackError('downgrade', `manifest.json: sequence ${sequence} is older than ${newest}`)
    }
    if (disabled) {
      const unchanged = kept?.current?.hash === hash
      if (store && !unchanged) await this.#update(store, (pointer) => advance(pointer, release, this.#key))
      return { disabled, unchanged }
    }
    if (current?.release.hash === hash) return { disabled, unchanged: true }
    if (this.#refused.has(hash) || kept?.refused.includes(hash)) {
      if (current) return { disabled, unchanged: true }
      throw new PackError('golden', `manifest.json: sequence ${sequence} has failed here before`)
    }
    const pack = new Pack(release)
    await this.#load(pack, pack.missing(true), store, current)
    return { pack, disabled, unchanged: false }
  }

  /**
   * Attaches the optional files, the item facts, from the store or else the network, and keeps them in the store.
   * @throws PackError; the pack serves without them
   */
  async complete(pack: Pack, store?: PackStore): Promise<void> {
    const fetched = await this.#load(pack, pack.missing(false), store)
    if (!store || fetched.length === 0) return
    await exclusively(async () => {
      // If another release has taken its place, the files would only be collected.
      if ((await this.#pointer(store)).current?.hash !== pack.release.hash) return
      for (const key of fetched) await store.write(pack.manifest.files[key]!.name, pack.file(key)!)
    })
  }

  /**
   * Makes a pack that has proved itself the stored one: its files first, the pointer last.
   * @returns the store, which may have moved to another place on the way (`kind`)
   */
  async keep(store: PackStore, pack: Pack): Promise<PackStore> {
    await this.#update(store, async (pointer) => {
      if (!advance(pointer, pack.release, this.#key)) return false
      for (const { file, bytes } of pack.attached) {
        const stored = await store.read(file.name)
        const whole =
          stored &&
          (await verifyFile(file, stored).then(
            () => true,
            () => false,
          ))
        if (!whole) await store.write(file.name, bytes)
      }
      return true
    })
    return store
  }

  /** Remembers that a pack failed here: it is not fetched again, and if it is the stored one, the one before is now. */
  async refuse(store: PackStore | undefined, pack: Pack): Promise<void> {
    const { hash } = pack.release
    this.#refused.add(hash)
    if (!store) return
    await this.#update(store, (pointer) => {
      pointer.refused = [...pointer.refused, hash].slice(-MOST_REFUSED)
      if (pointer.current?.hash === hash) {
        pointer.current = pointer.previous
        pointer.previous = undefined
      }
      return true
    })
  }

  get #limits(): { maxPackBytes: number | undefined } {
    return { maxPackBytes: this.#options.maxPackBytes }
  }

  /** The store's pointer; what was verified under another key than the present one does not count. */
  async #pointer(store: PackStore): Promise<Pointer> {
    const pointer = await readPointer(store, this.#source.url)
    const trusted = (kept?: Kept) => (!this.#key || kept?.key === this.#key ? kept : undefined)
    return { ...pointer, current: trusted(pointer.current), previous: trusted(pointer.previous) }
  }

  async #update(store: PackStore, change: (pointer: Pointer) => boolean | Promise<boolean>): Promise<void> {
    await exclusively(async () => {
      const pointer = await this.#pointer(store)
      if (await change(pointer)) await writePointer(store, pointer)
    })
  }

  /** Attaches files, each from the current pack, the store or the network; returns those from the network. */
  async #load(
    pack: Pack,
    keys: string[],
    store?: PackStore,
    current?: Pack,
    network = true,
  ): Promise<string[]> {
    const { files, hostCompresses } = pack.manifest
    const absent: string[] = []
    await Promise.all(
      keys.map(async (key) => {
        const file = files[key]!
        try {
          const same = current?.attached.find((other) => other.file.sha256 === file.sha256)
          const bytes = same?.bytes ?? (await store?.read(file.name)) ?? new Uint8Array(0)
          await verifyFile(file, bytes)
          pack.attach(key, bytes)
        } catch (error) {
          if (!network) throw error
          absent.push(key)
        }
      }),
    )
    const total = absent.reduce((sum, key) => sum + files[key]!.size, 0)
    let loaded = 0
    const arrived = (count: number) => {
      loaded += count
      this.#options.onProgress?.(loaded, total)
    }
    await Promise.all(
      absent.map(async (key) =>
        pack.attach(key, await fetchFile(this.#source, hostCompresses, files[key]!, arrived)),
      ),
    )
    return absent
  }
}
