/**
 * Was this session in the training? (Shokri et al. 2017.) Signals are read off the pack and, where there is one, off a
 * reference pack that was trained without any of the sessions in question: what it says about a session tells how
 * ordinary the session is, and the difference how much of it is due to having been trained on (the offline attack of
 * Carlini et al. 2022). A logistic regression weighs the signals, by halves.
 */
import type { ServingModel } from '../../../worker/rank/evidence.js'
import { Breath } from '../running/breath.js'
import { crossFitted } from './logistic.js'
import { type Roc, roc } from './roc.js'
import { SIGNALS, type Signals, signalsOf } from './signals.js'
import type { Suspect } from './suspects.js'

export interface Membership {
  /** With all signals but the list of ids, which is public where it comes from a catalogue. */
  all: Roc
  /** Among the sessions that hold a pair, or an item, which fewer than k others share; null where there are too few. */
  rarePair: Roc | null
  rareItem: Roc | null
  /** With one kind of signal alone. */
  by: Record<(typeof SIGNALS)[number], Roc>
  /** Where the list of ids comes from the log: by the list alone, and with everything. */
  ids: Roc | null
  withIds: Roc | null
  withIdsRareItem: Roc | null
  reference: boolean
}

/** Sessions on either side that a figure needs. */
const LEAST = 50

export interface AttackOptions {
  seed: number
  signal?: AbortSignal | undefined
  onProgress?: ((done: number, total: number) => void) | undefined
}

/**
 * @param reference a pack with the same rows, trained without members and outsiders alike
 * @param idsFromLog whether the list of ids names only what was seen in the log
 */
export async function membership(
  model: ServingModel,
  reference: ServingModel | null,
  members: readonly Suspect[],
  outsiders: readonly Suspect[],
  idsFromLog: boolean,
  options: AttackOptions,
): Promise<Membership> {
  const everybody = [...members, ...outsiders]
  const breath = new Breath(options.signal)
  const read: Signals[] = []
  for (const suspect of everybody) {
    read.push(signalsOf(model, reference, suspect))
    if (breath.due()) {
      await breath.take()
      options.onProgress?.(read.length, everybody.length)
    }
  }
  const ids = everybody.map(({ named, unnamed }) => [named, -unnamed])
  const whole = read.map(({ tables, likelihood, counts }) => [...tables, ...likelihood, ...counts])
  const score = (rows: number[][]) => crossFitted(rows.slice(0, members.length), rows.slice(members.length))
  const judge = (scores: Float64Array, keep: (suspect: Suspect) => boolean = () => true) => {
    const side = (from: number, to: number) =>
      scores.subarray(from, to).filter((_, i) => keep(everybody[from + i]!))
    return roc(side(0, members.length), side(members.length, everybody.length), options.seed)
  }
  const slice = (scores: Float64Array, keep: (suspect: Suspect) => boolean) => {
    const enough = [members, outsiders].every((side) => side.filter(keep).length >= LEAST)
    return enough ? judge(scores, keep) : null
  }
  const all = score(whole)
  const withIds = idsFromLog ? score(whole.map((row, i) => [...row, ...ids[i]!])) : null
  return {
    all: judge(all),
    rarePair: slice(all, ({ rarePair }) => rarePair),
    rareItem: slice(all, ({ rareItem }) => rareItem),
    by: Object.fromEntries(
      SIGNALS.map((name) => [name, judge(score(read.map((signals) => signals[name])))]),
    ) as Membership['by'],
    ids: idsFromLog ? judge(score(ids)) : null,
    withIds: withIds && judge(withIds),
    withIdsRareItem: withIds && slice(withIds, ({ rareItem }) => rareItem),
    reference: reference !== null,
  }
}
