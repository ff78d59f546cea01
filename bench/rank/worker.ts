/**
 * The engine itself, in a worker: the time from the request's arrival to the answer, with the encoding of the session. Every
 * ranking follows a new event, so that nothing of the previous answer can be used again. Sessions grow to 10 events.
 */

import type { Ground } from '../../worker/engine/ground.js'
import { createEngine } from '../../worker/engine.js'
import type { EngineConfig } from '../../worker/protocol.js'
import { reply } from '../browser/reply.js'
import { quantile } from '../browser/stats.js'
import { seeded } from '../scan/vectors.js'

export interface RankInput {
  /** What the pack is called in the report. */
  name: string
  /** Absolute URL of the pack's folder. */
  pack: string
  /** Ids of the catalogue to draw candidates and events from. */
  ids: string[]
  candidates: number
  rounds: number
}

export interface RankResult {
  name: string
  items: number
  candidates: number
  rounds: number
  /** Milliseconds. */
  p50: number
  p95: number
}

const WARM_UP = 20
const SESSION = 10

/** Nothing is stored here: `visits.ts` measures storage. */
const ground: Ground = {
  fetch: (...args) => fetch(...args),
  openLog: () => Promise.reject(new Error('no storage here')),
  openStore: () => {
    throw new Error('no storage here')
  },
  eraseDisk: async () => {},
  locks: { shared: (work) => work(), alone: (work) => work() },
  loadPart: () => Promise.reject(new Error('not here')),
  openTabs: () => ({ send() {}, close() {} }),
  now: () => Date.now(),
}

reply(async ({ name, pack, ids, candidates, rounds }: RankInput): Promise<RankResult> => {
  const config: EngineConfig = {
    pack,
    consent: { state: 'unknown' },
    backend: 'auto',
    retention: { days: 180, events: 5000 },
    maxPackBytes: 256 * 2 ** 20,
  }
  const engine = createEngine(ground)
  await engine.start(config, { hear() {}, record: () => undefined })
  const random = seeded(5)
  const draw = () => ids[Math.floor(random() * ids.length)]!
  const times: number[] = []
  for (let round = 0; round < WARM_UP + rounds; round++) {
    if (round % SESSION === 0) await engine.forget()
    await engine.track([
      { id: `event-${round}`, name: 'view_item', time: Date.now(), items: [{ item_id: draw() }] },
    ])
    const request = {
      requestId: `r${round}`,
      ids: Array.from({ length: candidates }, draw),
      slot: 'home',
      limit: candidates,
    }
    const start = performance.now()
    const ranking = await engine.rank(request)
    if (round >= WARM_UP) times.push(performance.now() - start)
    if (ranking.by !== 'device') throw new Error(`the engine declined: ${ranking.why}`)
  }
  const { pack: state } = await engine.status()
  await engine.stop()
  return {
    name,
    items: state.items!,
    candidates,
    rounds,
    p50: quantile(times, 0.5),
    p95: quantile(times, 0.95),
  }
})
