/** The figures of one server's lists: for some lengths of the visit, for all of them, and for parts of the questions. */
import { type Interval, intervals } from '../figures/bootstrap.js'
import { hit } from '../figures/metrics.js'
import type { Places } from './replay.js'

/** NDCG@10 of each order, a miss counting 0, and how sure the difference is. */
export interface Cell {
  predictions: number
  server: number
  seenFirst: number
  nearside: number
  /** Every list with the next item on top. */
  oracle: number
  /** Share of the lists that contain the next item. */
  recall: number
  /** 95 % interval of nearside less the server, paired by session. */
  ci95: Interval
  /** The same where the page gives the server's scores too. */
  scored?: { nearside: number; ci95: Interval }
}

/** What a cell is chosen by. */
export interface Asked {
  /** Events of the visit before the next item. */
  t: number
  /** Whether the visit has seen the next item already. */
  seen: boolean
  /** Whether the last step, or the next item, has no vector of its own in the pack. */
  rareStep: boolean
  rareTarget: boolean
}

/** The lengths of a visit that have a cell of their own. */
const LENGTHS = [0, 1, 2, 3, 5] as const

/** Cells over all visits that have begun. */
const POOLED: Record<string, (asked: Asked) => boolean> = {
  pooled: () => true,
  pooledNew: ({ seen }) => !seen,
  pooledSeen: ({ seen }) => seen,
  pooledRareStep: ({ rareStep }) => rareStep,
  pooledRareTarget: ({ rareTarget }) => rareTarget,
}

/** Positions that count. */
const K = 10
const SEED = 1

/** The places of one server's lists, question by question. */
export class Tally {
  private readonly asked: Asked[] = []
  private readonly sessions: number[] = []
  private readonly places: Places[] = []

  /** @param session ascending */
  add(session: number, asked: Asked, places: Places): void {
    this.asked.push(asked)
    this.sessions.push(session)
    this.places.push(places)
  }

  /** The cells that have questions, by name. */
  cells(): Record<string, Cell> {
    const byLength = LENGTHS.map((t): [string, (asked: Asked) => boolean] => [
      String(t),
      (asked) => asked.t === t,
    ])
    const pooled = Object.entries(POOLED).map(([name, has]): (typeof byLength)[number] => [
      name,
      (asked) => asked.t > 0 && has(asked),
    ])
    return Object.fromEntries(
      [...byLength, ...pooled].flatMap(([name, has]) => {
        const inside = [...this.asked.keys()].filter((i) => has(this.asked[i]!))
        return inside.length > 0 ? [[name, this.cell(inside)]] : []
      }),
    )
  }

  private cell(inside: number[]): Cell {
    const gains = (of: (places: Places) => number) =>
      Float64Array.from(inside, (i) => gain(of(this.places[i]!)))
    const server = gains((places) => places.server)
    const nearside = gains((places) => places.nearside)
    const recall = mean(Float64Array.from(inside, (i) => Number(this.places[i]!.server > 0)))
    const scored = this.places[inside[0]!]!.scored === undefined ? null : gains((places) => places.scored!)
    const orders = scored ? [nearside, scored] : [nearside]
    const [plain, withScores] = intervals(
      orders.map((order) => order.map((value, i) => value - server[i]!)),
      numbered(inside.map((i) => this.sessions[i]!)),
      SEED,
    )
    return {
      predictions: inside.length,
      server: mean(server),
      seenFirst: mean(gains((places) => places.seenFirst)),
      nearside: mean(nearside),
      oracle: recall,
      recall,
      ci95: plain!,
      ...(scored && { scored: { nearside: mean(scored), ci95: withScores! } }),
    }
  }
}

/** Names of the cells in which the whole interval lies below the server's order. */
export function cellsBelow(sources: Readonly<Record<string, Record<string, Cell>>>): string[] {
  return Object.entries(sources).flatMap(([source, cells]) =>
    Object.entries(cells).flatMap(([name, { ci95, scored }]) => [
      ...(ci95[1] < 0 ? [`${source}/${name}`] : []),
      ...(scored && scored.ci95[1] < 0 ? [`${source}/${name}/scored`] : []),
    ]),
  )
}

function gain(place: number): number {
  return hit(place, K) ? 1 / Math.log2(place + 1) : 0
}

function mean(values: Float64Array): number {
  return values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : 0
}

/** Ascending numbers without gaps. */
function numbered(sessions: readonly number[]): Uint32Array {
  let number = -1
  let last = -1
  return Uint32Array.from(sessions, (session) => {
    if (session !== last) number++
    last = session
    return number
  })
}
