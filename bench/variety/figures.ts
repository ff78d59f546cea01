/** What a way reaches: accuracy, coverage, and how much the items of a list differ. */
import type { Interactions } from '../../train/src/data/interactions.js'
import { Lists as Qualities } from '../../train/src/evaluate/figures/lists.js'
import { LENGTH, type VariedList } from '../../train/src/stage/variety.js'
import type { ServingModel } from '../../worker/rank/evidence.js'

export interface Figures {
  ndcg: number
  coverage: number
  /** Mean distance of the items of a list by their vectors. */
  distance: number
  /** The same in a space that no way has used. */
  elsewhere: number
}

/** How different two items are, 0 to 1. */
export type Space = (a: number, b: number) => number

export function figuresOf(
  { catalog }: ServingModel,
  lists: readonly VariedList[],
  answer: (list: VariedList) => ArrayLike<number>,
  space: Space,
): Figures {
  const qualities = new Qualities(catalog, [LENGTH])
  let ndcg = 0
  let elsewhere = 0
  let pairs = 0
  for (const list of lists) {
    const rows = Uint32Array.from(answer(list))
    qualities.add(rows, list.target)
    const place = list.target < 0 ? -1 : rows.indexOf(list.target)
    if (place >= 0) ndcg += 1 / Math.log2(place + 2)
    for (let i = 0; i < rows.length; i++) {
      for (let j = 0; j < i; j++) {
        elsewhere += space(rows[i]!, rows[j]!)
        pairs++
      }
    }
  }
  const { coverage, diversity } = qualities.figures()
  return {
    ndcg: ndcg / lists.length,
    coverage: coverage[LENGTH]!,
    distance: diversity,
    elsewhere: elsewhere / Math.max(1, pairs),
  }
}

/** Share of the attributes in which two items differ. @param values by row */
export function byAttributes(values: readonly (readonly string[])[]): Space {
  return (a, b) => {
    const [x, y] = [values[a]!, values[b]!]
    let differ = 0
    for (let i = 0; i < x.length; i++) if (x[i] !== y[i]) differ++
    return x.length > 0 ? differ / x.length : 0
  }
}

/** 1 less the share of the sessions with either item that have both (Jaccard), in a log. */
export function bySessions({ catalog }: ServingModel, log: Interactions): Space {
  const sessions = Array.from({ length: catalog.size }, () => new Set<number>())
  const rowOf = log.ids.map((id) => catalog.rowOf(id))
  for (let s = 0; s + 1 < log.offsets.length; s++) {
    for (let e = log.offsets[s]!; e < log.offsets[s + 1]!; e++) {
      const row = rowOf[log.rows[e]!]!
      if (row >= 0) sessions[row]!.add(s)
    }
  }
  return (a, b) => {
    const [few, many] =
      sessions[a]!.size < sessions[b]!.size ? [sessions[a]!, sessions[b]!] : [sessions[b]!, sessions[a]!]
    let both = 0
    for (const session of few) if (many.has(session)) both++
    const either = few.size + many.size - both
    return either > 0 ? 1 - both / either : 1
  }
}
