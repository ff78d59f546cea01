/**
 * What does one dislike do? Visits of a log are replayed through the engine's own functions: the visitor looks at the items of
 * the visit, and then asks for less like one of them. Bundled by main.ts, because kernels are compiled on import.
 */
import { loadLog } from '../../train/src/data/load/load.js'
import { permutation, random } from '../../train/src/maths/random.js'
import { readPackFromDisk } from '../../train/src/pack/read.js'
import { EXCLUDED } from '../../worker/compute/scorer.js'
import { dot } from '../../worker/compute/vector.js'
import { dislikes } from '../../worker/feedback/dislikes.js'
import { currentSession, profile } from '../../worker/feedback/history.js'
import { lessLike } from '../../worker/feedback/unwanted.js'
import { openModel } from '../../worker/model.js'
import type { EventName, WireEvent } from '../../worker/protocol.js'
import { answerRank, answerRecommend } from '../../worker/rank/answer.js'
import { type Known, knownBy } from '../../worker/rank/candidates.js'
import { gather, type ServingModel } from '../../worker/rank/evidence.js'
import { NO_REFUSALS, refusalsOf } from '../../worker/rank/refusals.js'

/** The first places of a list, and how many items are the like of one. */
const PLACES = 24
const LIKE = 20
/** An interest is another one if it is not among so many nearest items of the disliked one. */
const FAR = 60
const CANDIDATES = 200

/** Of the visits that were asked about. */
export interface Reached {
  visits: number
  /** Visits with another interest. */
  others: number
  recommend: Shares
  rank: Shares
}

/**
 * Mean places among the first 24: before the dislike; where the item alone is left out; where it is no step of the visit
 * either; and as the engine does it.
 */
type Places = [before: number, alone: number, unsaid: number, after: number]

interface Shares {
  like: Places
  other: Places
  /** Share of visits in which the other interests lost a place. */
  lost: number
}

export async function measure(log: string, pack: string, sample: number): Promise<Reached> {
  const model = await openModel(await readPackFromDisk(pack), 'auto')
  const { data } = await loadLog({ events: [log] })
  const { catalog } = model
  const rowOf = Int32Array.from(data.ids, (id) => catalog.rowOf(id))
  const near = memo((row: number) => nearestTo(model, row))
  const draw = random(1, 0xd15)
  const sums = { recommend: emptySums(), rank: emptySums() }
  let visits = 0
  let others = 0
  for (const s of permutation(data.offsets.length - 1, random(1, 0xd16))) {
    const rows = Array.from(
      data.rows.subarray(data.offsets[s]!, data.offsets[s + 1]!),
      (item) => rowOf[item]!,
    )
    const known = [...new Set(rows)].filter((row) => row >= 0 && catalog.bias[row] !== EXCLUDED)
    if (known.length < 2) continue
    const disliked = known[Math.floor(draw() * known.length)]!
    const like = near(disliked).slice(0, LIKE)
    const around = new Set([disliked, ...near(disliked)])
    // The like of the other items that are far from the disliked one, as far as it is far from it itself.
    const far = known.filter((row) => !around.has(row) && !near(row).includes(disliked))
    const other = new Set(far.flatMap((row) => near(row).slice(0, LIKE)).filter((row) => !around.has(row)))
    const views = rows.filter((row) => row >= 0)
    const before = knownFrom(model, views)
    const after = knownFrom(model, views, disliked)
    const alone = { ...before, unwanted: after.unwanted }
    const unsaid = { ...after, refusals: NO_REFUSALS }
    // A shop's list has items of every interest, and goes by popularity.
    const pool = new Set([
      ...known.flatMap((row) => near(row).slice(0, LIKE)),
      ...catalog.popular(CANDIDATES),
    ])
    const ids = [...pool]
      .slice(0, CANDIDATES)
      .sort((a, b) => catalog.popularity(b) - catalog.popularity(a) || a - b)
      .map(catalog.idOf)
    const ways = {
      recommend: (known: Known) => answerRecommend(model, known, { slot: '', limit: PLACES, exclude: [] }),
      rank: (known: Known) => answerRank(model, known, { slot: '', ids, limit: CANDIDATES }),
    }
    for (const [name, answer] of Object.entries(ways)) {
      const sum = sums[name as keyof typeof sums]
      const found = [before, alone, unsaid, after].map((known) =>
        answer(known).ids.slice(0, PLACES).map(catalog.rowOf),
      )
      const places = (wanted: ReadonlySet<number>) =>
        found.map((list) => list.filter((row) => wanted.has(row)).length)
      places(new Set(like)).forEach((n, way) => {
        sum.like[way]! += n
      })
      if (other.size === 0) continue
      const theirs = places(other)
      theirs.forEach((n, way) => {
        sum.other[way]! += n
      })
      if (theirs[3]! < theirs[0]!) sum.lost++
    }
    if (other.size > 0) others++
    if (++visits === sample) break
  }
  const shares = ({ like, other, lost }: Sums): Shares => ({
    like: like.map((n) => n / visits) as Places,
    other: other.map((n) => n / others) as Places,
    lost: lost / others,
  })
  return { visits, others, recommend: shares(sums.recommend), rank: shares(sums.rank) }
}

interface Sums {
  like: number[]
  other: number[]
  lost: number
}
const emptySums = (): Sums => ({ like: [0, 0, 0, 0], other: [0, 0, 0, 0], lost: 0 })

const NOW = Date.UTC(2026, 0, 1)

/** What the engine knows after views of these rows, and after a dislike of one of them. */
function knownFrom(model: ServingModel, rows: readonly number[], disliked?: number): Known {
  const { catalog } = model
  const event = (row: number, name: EventName, n: number): WireEvent => ({
    id: `${name} ${n}`,
    name,
    // Ten seconds each: neither a bounce nor a long look.
    time: NOW - 10_000 * (rows.length - n),
    items: [{ item_id: catalog.idOf(row) }],
  })
  const events = rows.map((row, n) => event(row, 'view_item', n))
  if (disliked !== undefined) events.push(event(disliked, 'less_like_this', rows.length))
  const inPack = <T extends { id: string }>(list: T[]) =>
    list.map((entry) => ({ ...entry, row: catalog.rowOf(entry.id) }))
  return {
    ...knownBy(gather(model, inPack(currentSession(events, NOW)), inPack(profile(events, NOW)))),
    events,
    now: NOW,
    unwanted: lessLike(events),
    refusals: refusalsOf(model, dislikes(events, NOW)),
  }
}

/** The FAR nearest rows, the nearest first; in plain arithmetic. */
function nearestTo({ catalog }: ServingModel, row: number): number[] {
  const { size, dim, codes, bias } = catalog
  const vector = catalog.vector(row)
  const products = Float64Array.from({ length: size }, (_, other) =>
    bias[other] === EXCLUDED || other === row ? -Infinity : dot(codes, vector, other * dim),
  )
  return Array.from(Uint32Array.from(products.keys()).sort((a, b) => products[b]! - products[a]!)).slice(
    0,
    FAR,
  )
}

function memo<T>(work: (row: number) => T): (row: number) => T {
  const known = new Map<number, T>()
  return (row) => {
    const found = known.get(row) ?? work(row)
    known.set(row, found)
    return found
  }
}
