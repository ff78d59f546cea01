/**
 * Was this session in the training? (Shokri et al. 2017.) Signals are read from the pack and, if there is one, from a
 * reference pack that was trained without any of the sessions in question. The reference shows how ordinary a session
 * is; the difference between the two packs shows how much of a signal is due to the training on that session (the
 * offline attack of Carlini et al. 2022). A logistic regression weighs the signals; each half of the sessions is
 * scored with weights from the other half.
 */
import type { ServingModel } from '../../../worker/rank/evidence.js'
import { Breath } from '../running/breath.js'
import { crossFitted } from './logistic.js'
import { type Roc, roc } from './roc.js'
import { SIGNALS, type Signals, signalsOf } from './signals.js'
import type { Suspect } from './suspects.js'

export interface Membership {
  /** With all signals except the list of ids, which is public if it comes from a catalogue. */
  all: Roc
  /** Only for sessions with a pair (an item) that fewer than k others share; null if there are too few. */
  rarePair: Roc | null
  rareItem: Roc | null
  /** With only one kind of signal. */
  by: Record<(typeof SIGNALS)[number], Roc>
  /** If the list of ids comes from the log: with the list alone, and with the list and all signals. Otherwise null. */
  ids: Roc | null
  withIds: Roc | null
  withIdsRareItem: Roc | null
  reference: boolean
}

/** Smallest number of sessions on each side for a figure. */
const LEAST = 50

export interface AttackOptions {
  seed: number
  signal?: AbortSignal | undefined
  onProgress?: ((done: number, total: number) => void) | undefined
}

/**
 * @param reference a pack with the same rows that was trained without the members and outsiders
 * @param idsFromLog whether all ids of the pack are items of the log
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
