/**
 * What is found before and after the first looks at items, through the same functions that a browser runs, beside the most
 * popular items. And what it helps to know something before the first look: the category that the visit begins with (from
 * the landing page, or because the visitor prefers it), or words of a title (from a search).
 */
import type { Interactions } from '../../train/src/data/interactions.js'
import { loadLog } from '../../train/src/data/load/load.js'
import { intervals } from '../../train/src/evaluate/figures/bootstrap.js'
import { permutation, random } from '../../train/src/maths/random.js'
import { readPackFromDisk } from '../../train/src/pack/read.js'
import { askedBy } from '../../worker/asked/asked.js'
import { interestsIn } from '../../worker/asked/preferences.js'
import { openModel } from '../../worker/model.js'
import type { Landing } from '../../worker/protocol.js'
import { answerRecommend } from '../../worker/rank/answer.js'
import { knownBy } from '../../worker/rank/candidates.js'
import { gather, type ServingModel, viewsOf } from '../../worker/rank/evidence.js'
import { retrieve } from '../../worker/rank/retrieve.js'

const LENGTH = 20
const SEED = 1

export interface Options {
  pack: string
  test: string
  /** Events seen before the prediction. */
  after: number[]
  /** Most sessions asked about, drawn at random. */
  sessions: number
}

interface Accuracy {
  recall20: number
  ndcg10: number
}

/** How a list fared, and how the most popular items did at the same questions. */
export interface Figures extends Accuracy {
  questions: number
  popularity: Accuracy
  /** 95 % interval of the difference of Recall@20. */
  ci95: [number, number]
}

export interface ColdStart {
  sessions: number
  minSessions: number
  /** How many rows the pack names as trending and as new. */
  trending: number
  fresh: number
  /** The item after so many events; and by the model's space and tables alone, as `nearside evaluate` asks. */
  after: Record<string, Figures & { alone: Accuracy }>
  /** The first item of the visit, where something else is known. By what is known. */
  knowing: Record<string, Figures>
  /** Items of the visit, where its category is preferred: all after the first, before any look; and the item after so many. */
  preferring: Record<string, Figures & { without?: Accuracy }>
}

/** One list for each question, and the item that is wanted. */
interface Asked {
  session: number
  target: number
  list: readonly string[]
}

export async function coldStart({ pack, test, after, sessions }: Options): Promise<ColdStart> {
  const opened = await readPackFromDisk(pack)
  const model = await openModel(opened, 'auto')
  const { catalog } = model
  const { data } = await loadLog({ events: [test] })
  const visits = drawn(data, sessions).map((s) =>
    Array.from(data.rows.subarray(data.offsets[s], data.offsets[s + 1]), (row) =>
      catalog.rowOf(data.ids[row]!),
    ),
  )
  const popular = [...catalog.popular(LENGTH)].map(catalog.idOf)
  const judged = (asked: readonly Asked[]) => judge(catalog.idOf, asked, popular)
  const fact = (row: number | undefined, name: string) =>
    row === undefined || row < 0 ? undefined : (catalog.attribute(row, name) as string | undefined)

  const result: ColdStart = {
    sessions: visits.length,
    minSessions: opened.manifest.minSessions,
    trending: catalog.trending.length,
    fresh: catalog.fresh.length,
    after: {},
    knowing: {},
    preferring: {},
  }
  for (const t of after) {
    const long = visits.flatMap((rows, session) => (rows.length > t ? [{ rows, session }] : []))
    if (long.length === 0) continue
    const by = (listed: (rows: number[]) => string[]) =>
      judged(long.map(({ rows, session }) => ({ session, target: rows[t]!, list: listed(rows.slice(0, t)) })))
    const alone = by((rows) => {
      const known = viewsOf(rows.filter((row) => row >= 0))
      return Array.from(retrieve(model, gather(model, known), LENGTH).rows, catalog.idOf)
    })
    result.after[t] = { ...by((rows) => listOf(model, { rows })), alone }
  }

  const uniform = random(SEED, 0x7e)
  const landings: Record<string, (first: number) => Landing | undefined> = {
    'its category, as the landing page': (first) => {
      const category = fact(first, 'category')
      return category === undefined ? undefined : { path: `/c/${encodeURIComponent(category)}/` }
    },
    'a word of its title, as a search': (first) => searchFor(fact(first, 'title'), 1, uniform),
    'two words of its title, as a search': (first) => searchFor(fact(first, 'title'), 2, uniform),
  }
  for (const [name, landingOf] of Object.entries(landings)) {
    const asked = visits.flatMap((rows, session) => {
      const landing = landingOf(rows[0]!)
      return landing ? [{ session, target: rows[0]!, list: listOf(model, { rows: [], landing }) }] : []
    })
    if (asked.length > 0) result.knowing[name] = judged(asked)
  }

  const preferring = (rows: number[], category: string | undefined, t: number, session: number) => {
    if (category === undefined || rows.length <= t) return []
    const preferred = { categories: [category] }
    const targets = t === 0 ? rows.slice(1) : [rows[t]!]
    const list = listOf(model, { rows: rows.slice(0, t), preferred })
    return targets.map((target) => ({ session, target, list }))
  }
  const first = visits.flatMap((rows, session) => preferring(rows, fact(rows[0], 'category'), 0, session))
  if (first.length > 0) result.preferring['0'] = judged(first)
  for (const t of after.filter((t) => t > 0)) {
    const usual = (rows: number[]) => commonest(rows.map((row) => fact(row, 'category')))
    const asked = visits.flatMap((rows, session) => preferring(rows, usual(rows), t, session))
    if (asked.length === 0) continue
    const without = judged(
      asked.map(({ session, target }) => ({
        session,
        target,
        list: listOf(model, { rows: visits[session]!.slice(0, t) }),
      })),
    )
    result.preferring[t] = { ...judged(asked), without }
  }
  return result
}

/** Sessions in their order, drawn at random where there are more than wanted. */
function drawn({ offsets }: Interactions, wanted: number): number[] {
  const all = offsets.length - 1
  const some = all <= wanted ? Array(all).keys() : permutation(all, random(SEED)).subarray(0, wanted).sort()
  return Array.from(some)
}

interface Visitor {
  rows: readonly number[]
  landing?: Landing
  preferred?: { categories: string[] }
}

/** The ids that the engine recommends. Items that the pack does not know are no steps. */
function listOf(model: ServingModel, { rows, landing, preferred }: Visitor): string[] {
  const { catalog } = model
  const said = preferred && { items: [], ...preferred }
  const liked = said && interestsIn(catalog, said)
  const evidence = gather(model, viewsOf(rows.filter((row) => row >= 0)), [], false, liked)
  const asked = () => askedBy(catalog, landing ?? {}, said)
  return answerRecommend(model, { ...knownBy(evidence), asked }, { slot: 'home', limit: LENGTH, exclude: [] })
    .ids
}

function searchFor(title: string | undefined, count: number, uniform: () => number): Landing | undefined {
  const words = [...new Set(title?.toLowerCase().match(/\p{L}{2,}/gu) ?? [])]
  if (words.length < count) return undefined
  const chosen = Array.from(
    { length: count },
    () => words.splice(Math.floor(uniform() * words.length), 1)[0]!,
  )
  return { query: chosen.join(' ') }
}

function commonest(values: readonly (string | undefined)[]): string | undefined {
  const counts = new Map<string, number>()
  for (const value of values) if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0]
}

function judge(idOf: (row: number) => string, asked: readonly Asked[], popular: readonly string[]): Figures {
  const place = (list: readonly string[], target: number) => (target < 0 ? -1 : list.indexOf(idOf(target)))
  const recalled = (list: readonly string[], target: number) => (place(list, target) >= 0 ? 1 : 0)
  const gain = (list: readonly string[], target: number) => {
    const at = place(list, target)
    return at >= 0 && at < 10 ? 1 / Math.log2(at + 2) : 0
  }
  const mean = (value: (one: Asked) => number) =>
    asked.reduce((sum, one) => sum + value(one), 0) / asked.length
  const difference = Float64Array.from(
    asked,
    ({ list, target }) => recalled(list, target) - recalled(popular, target),
  )
  const numbers = new Map<number, number>()
  const sessionOf = Uint32Array.from(asked, ({ session }) => {
    if (!numbers.has(session)) numbers.set(session, numbers.size)
    return numbers.get(session)!
  })
  return {
    questions: asked.length,
    recall20: mean(({ list, target }) => recalled(list, target)),
    ndcg10: mean(({ list, target }) => gain(list, target)),
    popularity: {
      recall20: mean(({ target }) => recalled(popular, target)),
      ndcg10: mean(({ target }) => gain(popular, target)),
    },
    ci95: intervals([difference], sessionOf, SEED)[0]!,
  }
}
