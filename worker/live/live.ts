/**
 * The live file in use. It is asked for again while lists are asked for, so a page that nobody looks at asks for nothing. The
 * browser's cache sends what it has of it, so an unchanged file costs an empty answer. Whatever goes wrong, the last good file
 * stays.
 */
import type { get } from '../pack/download.js'
import type { verifySignature } from '../pack/verify.js'
import type { EngineStatus, LiveConfig } from '../protocol.js'
import type { described } from '../rank/described.js'
import type { ServingModel } from '../rank/evidence.js'
import { type LiveFile, MAX_LIVE_BYTES, parseLive } from './file.js'
import { type Places, withLive } from './over.js'
import { placeItems } from './place.js'

export interface LiveOptions {
  config: LiveConfig
  key?: string | undefined
  fetch: typeof fetch
  trouble(message: string): void
  /** What the engine has already, so that this part does not bring it again. */
  get: typeof get
  verifySignature: typeof verifySignature
  described: typeof described
}

export interface Live {
  /** The model of the pack in use, as the file changes it. */
  readonly model: ServingModel | undefined
  readonly status: NonNullable<EngineStatus['live']>
  /** Lists are asked for: the file is asked for again if the last time is long enough ago. */
  want(): void
  /** The network has come back. */
  online(): void
  close(): void
}

const [SECONDS, LEAST, MOST] = [60, 10, 300]
/** Seconds until a failed request is tried again. Each further failure doubles the time, up to MOST. */
const RETRY = 5

/** The pack that the file is laid over. */
interface Below {
  readonly model: ServingModel | undefined
  readonly status: EngineStatus['pack']
}

export function openLive(pack: Below, options: LiveOptions): Live {
  const { config, key, fetch, get, verifySignature, described } = options
  const { url, seconds = SECONDS } = config
  const every = Math.min(MOST, Math.max(LEAST, Number(seconds) || SECONDS))
  const folder = new URL('.', url).href
  const name = url.slice(folder.length)
  let file: LiveFile | undefined
  let bytesInUse: Uint8Array | undefined
  let error: string | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let asking = false
  /** Whether a list was asked for since the last request. */
  let wanted = false
  let open = true
  let failures = 0
  let made:
    | { model: ServingModel; file: LiveFile; places: Places | undefined; live: ServingModel }
    | undefined
  let placed: { model: ServingModel; file: LiveFile; places?: Places } | undefined
  /** A placing that failed. It is tried again when the file was asked for again. */
  let failed: typeof placed
  const said = new Set<string>()

  function trouble(cause: unknown): void {
    error = cause instanceof Error ? cause.message : String(cause)
    if (said.has(error)) return
    if (said.size < 100) said.add(error)
    options.trouble(`live file ${url}: ${error}`)
  }

  async function ask(): Promise<void> {
    if (asking || !open) return
    asking = true
    wanted = false
    clearTimeout(timer)
    try {
      await refresh()
      failures = 0
    } catch (cause) {
      failures++
      // While offline it is no mistake.
      if (globalThis.navigator?.onLine !== false) trouble(cause)
    }
    asking = false
    const wait = failures > 0 ? Math.min(RETRY * 2 ** (failures - 1), MOST) : every
    // Pages do not all ask at the same moment. None waits longer than MOST.
    timer = setTimeout(
      () => {
        timer = undefined
        if (wanted) void ask()
      },
      1000 * wait * (0.8 + 0.2 * Math.random()),
    )
  }

  async function refresh(): Promise<void> {
    const source = { url: folder, fetch }
    const bytes = (await get(source, name, MAX_LIVE_BYTES, 'no-cache')).slice()
    if (placed === failed) placed = undefined
    if (bytesInUse && isSame(bytes, bytesInUse)) return
    if (key) {
      const signature = await get(source, `${name}.sig`, 1024, 'no-cache').then(
        (text) => new TextDecoder().decode(text),
        () => undefined,
      )
      await verifySignature(bytes, signature, key, `${name}.sig`)
    }
    const found = parseLive(bytes)
    if (!open) return
    if (file && found.created < file.created) throw new Error('older than the one in use')
    file = found
    bytesInUse = bytes
    error = undefined
  }

  /** Gives new items vectors, once the catalogue is there that they are compared with. */
  async function place(model: ServingModel, of: LiveFile): Promise<void> {
    const mine: typeof placed = { model, file: of }
    placed = mine
    try {
      const items = of.items.filter(({ id }) => model.catalog.rowOf(id) < 0)
      const places = await placeItems(model.catalog, items)
      if (placed === mine) placed = { ...mine, places }
    } catch (cause) {
      failed = mine
      trouble(`new items: ${(cause as Error).message}`)
    }
  }

  function fits(): boolean {
    const { sequence } = pack.status
    if (!file || sequence === undefined) return false
    if (file.pack === sequence) return true
    trouble(`it belongs to sequence ${file.pack} of the pack, and ${sequence} is in use. It is ignored.`)
    return false
  }

  function modelNow(): ServingModel | undefined {
    const { model } = pack
    if (!model || !file || !fits()) return model
    const isPlaced = placed?.model === model && placed.file === file
    if (!isPlaced && file.items.length > 0 && described(model.catalog)) void place(model, file)
    const places = isPlaced ? placed!.places : undefined
    if (made?.model !== model || made.file !== file || made.places !== places)
      made = { model, file, places, live: withLive(model, file, places) }
    return made.live
  }

  return {
    get model() {
      return modelNow()
    },
    get status() {
      const belongs = file?.pack === pack.status.sequence
      const state: Live['status']['state'] = !file ? 'none' : belongs ? 'used' : 'other-pack'
      return {
        state,
        ...(file && {
          created: new Date(file.created).toISOString(),
          items: file.items.length,
          placed: placed?.places?.codes.size ?? 0,
        }),
        ...(error !== undefined && { error }),
      }
    },
    want() {
      wanted = true
      if (!timer) void ask()
    },
    online() {
      if (failures > 0) void ask()
    },
    close() {
      open = false
      clearTimeout(timer)
    },
  }
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}
