/**
 * The pack in use. It is opened from the store or the network, replaced by a newer one, and taken out of use by the kill
 * switch. After a failed request the network is tried again within seconds, and whenever it comes back.
 */

import { openModel } from '../model.js'
import { PackError } from '../pack/errors.js'
import { createLibrary, type LibraryOptions } from '../pack/library.js'
import type { Pack } from '../pack/pack.js'
import type { PackStore } from '../pack/store/store.js'
import type { Backend, EngineEvent, EngineStatus, PackState } from '../protocol.js'
import type { ServingModel } from '../rank/evidence.js'

export interface PackInUse {
  readonly state: PackState
  /** The model of the pack in use. */
  readonly model: ServingModel | undefined
  /** Settles when the first pack is in use, or when none can be loaded for now. */
  readonly opened: Promise<void> | undefined
  /** What `status()` reports about the pack. */
  readonly status: EngineStatus['pack']
  /** Opens a pack after `before` has settled: the stored one if there is one, else the one from the network. */
  open(before: Promise<unknown>, store?: PackStore): void
  /** Stores the pack in use. For a store that is opened after the pack. */
  keep(store: PackStore): Promise<void>
  /** Asks the network for a newer pack and for the kill switch, if the last time is long enough ago. */
  revalidate(): void
  /** The network has come back: a failed request is tried again now. */
  online(): void
  /** Closes the pack and the store. */
  close(): void
}

export interface PackOptions extends LibraryOptions {
  backend: Backend
  tell(event: EngineEvent): void
  now(): number
}

/** An open page asks for a newer pack at most this often. */
const REVALIDATE_MS = 10 * 60_000
/** Milliseconds until a failed request is tried again. Each further failure doubles the time. */
const FIRST_RETRY_MS = 3_000

interface Serving {
  pack: Pack
  model: ServingModel
  from: NonNullable<EngineStatus['pack']['from']>
}

export function createPackInUse(options: PackOptions): PackInUse {
  const { tell, now } = options
  const library = createLibrary({
    ...options,
    onProgress: (loaded, total) => tell({ type: 'progress', loaded, total }),
  })
  let store: PackStore | undefined
  let serving: Serving | undefined
  let state: PackState = 'none'
  let error: string | undefined
  let opened: Promise<void> | undefined
  let revalidated = 0
  /** Changes when a pack is closed. Work that began before then has no effect any more. */
  let period = 0
  let retry: ReturnType<typeof setTimeout> | undefined
  let failures = 0
  const said = new Set<string>()

  /** Uses the stored pack if there is one, and asks the network in the background. Else waits for the network. */
  async function open(): Promise<void> {
    state = 'loading'
    revalidated = now()
    if (!(await openStored())) return refresh()
    setTimeout(() => {
      void complete()
      void refresh()
    }, 0)
  }

  /** Tries the stored packs: the last good one, then the one before. Returns whether one is in use now. */
  async function openStored(): Promise<boolean> {
    while (store) {
      const stored = await library.stored(store).catch(() => undefined)
      if (!stored) return false
      const { pack, from } = stored
      try {
        if (pack.manifest.disabled) disable()
        else await switchTo(pack, from)
        return true
      } catch (cause) {
        // After a refusal the store offers the pack before the refused one, so this loop ends.
        failed(cause)
      }
    }
    return false
  }

  async function refresh(): Promise<void> {
    const mine = period
    clearTimeout(retry)
    retry = undefined
    revalidated = now()
    try {
      const { pack, disabled } = await library.refresh(store, serving?.pack)
      if (mine !== period) return
      failures = 0
      if (disabled) return disable()
      if (serving) state = 'ready'
      if (pack) await switchTo(pack, 'network')
      void complete(pack)
    } catch (cause) {
      if (mine !== period) return
      failed(cause)
      // Other errors are in the pack itself. Asking again at once would not help.
      if (cause instanceof PackError && /^(network|truncated)$/.test(cause.code)) {
        const wait = Math.min(FIRST_RETRY_MS * 2 ** failures++, REVALIDATE_MS)
        retry = setTimeout(() => void refresh(), wait)
      }
    }
  }

  /** Does what no ranking waits for: stores a new pack, and adds titles and prices. */
  async function complete(fresh?: Pack): Promise<void> {
    const mine = period
    try {
      if (fresh && store) await library.keep(store, fresh)
      if (serving) await library.complete(serving.pack, store)
    } catch (cause) {
      if (mine === period) failed(cause)
    }
  }

  function disable(): void {
    state = 'disabled'
    tell({ type: 'disabled' })
  }

  async function switchTo(pack: Pack, from: Serving['from']): Promise<void> {
    const mine = period
    const model = await openModel(pack, options.backend).catch(async (cause) => {
      await library.refuse(store, pack)
      throw cause
    })
    if (mine !== period) return
    serving = { pack, model, from }
    state = 'ready'
    error = undefined
    tell({ type: 'ready', from, sequence: pack.manifest.sequence })
  }

  /** Reports a failure. An older pack stays in use; without one the server's order stands. */
  function failed(cause: unknown): void {
    error = cause instanceof Error ? cause.message : String(cause)
    if (!serving) state = 'failed'
    // Each error is printed once, because a page may ask many times. While offline nothing is printed: it is no mistake.
    if (!said.has(error) && globalThis.navigator?.onLine !== false) {
      said.add(error)
      console.error(`nearside: pack ${options.url}: ${error}`)
    }
    tell({ type: 'pack-error', message: error })
  }

  return {
    get state() {
      return state
    },
    get model() {
      return serving?.model
    },
    get opened() {
      return opened
    },
    get status() {
      const status: EngineStatus['pack'] = { state }
      if (serving) {
        const { sequence, created, items, minSessions } = serving.pack.manifest
        const { bytes, signed } = serving.pack
        Object.assign(status, { from: serving.from, sequence, created, items, minSessions, bytes, signed })
      }
      if (error !== undefined) status.error = error
      return status
    },
    open(before, from) {
      store = from
      opened = before.then(open)
    },
    async keep(into) {
      store = into
      try {
        if (serving) await library.keep(into, serving.pack)
      } catch (cause) {
        failed(cause)
      }
    },
    revalidate() {
      if (Math.abs(now() - revalidated) > REVALIDATE_MS) void refresh()
    },
    online() {
      if (retry) void refresh()
    },
    close() {
      period++
      clearTimeout(retry)
      retry = store = serving = undefined
      state = 'none'
    },
  }
}
