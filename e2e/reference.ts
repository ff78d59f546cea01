/** Runs the engine in Node on a pack in memory, as `nearside evaluate` does. Every browser must give the same results. */
import { createEngine } from '../worker/engine.js'
import { loadPart } from '../worker/fixtures/parts.js'
import { chainOf } from '../worker/pack/store/open.js'
import type { EngineApi, WireEvent } from '../worker/protocol.js'
import type { PackFiles } from './packs.js'

export type Reference = Pick<EngineApi, 'rank' | 'recommend'>

/** @param events of the visitor, in the form in which the device returns them */
export async function reference(pack: PackFiles, events: WireEvent[]): Promise<Reference> {
  const engine = createEngine({
    fetch: async (url) => new Response(pack.get(String(url).split('/').at(-1)!) as BodyInit),
    openLog: () => {
      throw new Error('a reference keeps nothing')
    },
    openStore: () => chainOf([]),
    eraseDisk: async () => {},
    locks: { shared: (work) => work(), alone: (work) => work() },
    loadPart,
    openTabs: () => ({ send() {}, close() {} }),
    now: Date.now,
  })
  await engine.start(
    {
      pack: 'https://shop.example/',
      consent: { state: 'unknown' },
      backend: 'js',
      retention: { days: 180, events: 5000 },
      maxPackBytes: 1 << 26,
    },
    { hear() {}, record: () => undefined },
  )
  await engine.track(events)
  return engine
}
