/**
 * The pack in use with the live file over it. What reads the file is a part of its own (`worker/live`), which is loaded only
 * where the shop names such a file.
 */
import type { Live, LiveOptions } from '../live/live.js'
import type * as LivePart from '../live/part.js'
import { get } from '../pack/download.js'
import { verifySignature } from '../pack/verify.js'
import type { EngineConfig, EngineStatus, LiveConfig } from '../protocol.js'
import { described } from '../rank/described.js'
import type { PackInUse } from './pack-in-use.js'

export interface WithLive extends PackInUse {
  readonly live: NonNullable<EngineStatus['live']>
}

/** @param load the part that reads the file */
export function withLive(
  pack: PackInUse,
  load: () => Promise<typeof LivePart>,
  options: Pick<LiveOptions, 'config' | 'key' | 'fetch' | 'trouble'>,
): WithLive {
  let live: Live | undefined
  let error: string | undefined

  async function start(): Promise<void> {
    const period = pack.opened
    try {
      const { openLive } = await load()
      if (pack.state === 'none' || period !== pack.opened) return
      live = openLive(pack, { ...options, get, verifySignature, described })
      live.want()
    } catch (cause) {
      error = `live.js could not be loaded: ${(cause as Error).message}`
      options.trouble(error)
    }
  }

  return Object.create(pack, {
    model: { get: () => (live ?? pack).model },
    live: { get: () => live?.status ?? { state: 'none', ...(error && { error }) } },
    open: {
      value(...given: Parameters<PackInUse['open']>) {
        pack.open(...given)
        live?.close()
        void start()
      },
    },
    revalidate: {
      value() {
        pack.revalidate()
        live?.want()
      },
    },
    online: {
      value() {
        pack.online()
        live?.online()
      },
    },
    close: {
      value() {
        pack.close()
        live?.close()
        live = undefined
      },
    },
  })
}

/** @returns what the shop says about its live file, with an absolute address; undefined if it has none */
export function liveOf(
  { live, context }: Pick<EngineConfig, 'live' | 'context'>,
  trouble: (message: string) => void,
): LiveConfig | undefined {
  if (!live) return undefined
  const said: LiveConfig = typeof live === 'string' ? { url: live } : Object(live)
  try {
    const { href, protocol } = new URL(said.url, context?.url)
    // Anything else would be taken for a relative address, such as `undefined`.
    if (typeof said.url === 'string' && /^https?:$/.test(protocol)) return { ...said, url: href }
  } catch {
    // Told below.
  }
  trouble(`live is "${said.url}", expected the http(s) address of a live.json`)
  return undefined
}
