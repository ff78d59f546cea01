/**
 * What speaks against items: dislikes, returns, removals from the basket, views that were left at once, and being shown
 * again and again without being chosen. A pure function of the events, in the order of the log.
 */
import type { WireEvent } from '../protocol.js'
import { actsOf } from './acts.js'
import { HALF_LIFE_MS } from './history.js'
import { isStep, STRENGTHS, type Strengths } from './signals.js'
import { inForce, isChoice } from './unwanted.js'

/** So many times an item may be shown before it counts as ignored. */
const SHOWN_FREELY = 2
/** Being ignored counts at most so many times the strength of `ignored`. */
const MOST_IGNORED = 6
/** Being ignored is forgotten sooner than being refused: it halves in a week. */
const IGNORED_HALF_LIFE_MS = 7 * 86_400_000

export interface Dislike {
  /** Item id. */
  id: string
  /** How much speaks against the item: above 0, and at most 1 for one that was refused just now. */
  amount: number
}

/** Everything that speaks against items now, the strongest first. It is taken back when the visitor chooses the item. */
export function dislikes(
  events: readonly WireEvent[],
  now: number,
  strengths: Strengths = STRENGTHS,
): Dislike[] {
  const amounts = new Map<string, number>()
  const add = (id: string, amount: number, time: number, halfLife: number) => {
    const left = amount * 2 ** (-Math.max(0, now - time) / halfLife)
    amounts.set(id, Math.min(1, (amounts.get(id) ?? 0) + left))
  }
  /** In how many lists each item was shown since it was last looked at, and the last of them. */
  const shown = new Map<string, { times: number; list: WireEvent }>()
  const held = inForce(events)
  // First what is derived from views, as a choice that follows takes it back.
  for (const { id, bounced, time } of actsOf(held, strengths)) {
    if (bounced) add(id, -strengths.bounce, time, HALF_LIFE_MS)
    else amounts.delete(id)
  }
  for (const event of held) {
    const { name, items, time, requestId } = event
    const against = -strengths[name]
    for (const { item_id: id } of items) {
      const { times = 0, list } = shown.get(id) ?? {}
      const again = list?.requestId === undefined || list.requestId !== requestId
      if (name === 'view_item_list') shown.set(id, { times: times + Number(again), list: event })
      else if (isStep(name)) shown.delete(id)
      if (against > 0) add(id, against, time, HALF_LIFE_MS)
      else if (isChoice(name)) amounts.delete(id)
    }
  }
  for (const [id, { times, list }] of shown) {
    const ignored = Math.min(MOST_IGNORED, times - SHOWN_FREELY)
    if (ignored > 0) add(id, ignored * -strengths.ignored, list.time, IGNORED_HALF_LIFE_MS)
  }
  return Array.from(amounts, ([id, amount]) => ({ id, amount })).sort((a, b) => b.amount - a.amount)
}
