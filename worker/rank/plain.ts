/**
 * Lists where the shop has set nothing: what is not available comes last, and behind it what the visitor does not want. Items
 * that the engine chose are left out instead. `worker/shape` does the same and much more; a test compares the two.
 */
import type { Broken, Rule, RuleEffect } from '../protocol.js'
import {
  attributeOf,
  type Candidates,
  idAt,
  keyOf,
  type RankContext,
  type Shape,
  take,
  withRepeats,
} from './candidates.js'

/** It holds in every list, unless a shop's rule says `off`. Evaluation has no rules. */
export const AVAILABLE: Rule = { kind: 'available', name: 'available' }
const DOWN: readonly RuleEffect[] = [{ name: 'available', kind: 'available', effect: 'down' }]

/** How far down an item goes; the sum of two decides by the stronger. */
const UNAVAILABLE = 1
const UNWANTED = 2

export const PLAIN: Shape = {
  stage: (list) => list,

  permitted(list, context) {
    const levels = levelsOf(list, context)
    const found = Uint32Array.from(list.rows.keys())
      .filter((i) => levels[i] === 0)
      .subarray(0, context.depth)
    return found.length > 0 ? take(list, found) : list
  },

  last(list, context) {
    const { limit, fixed } = context
    const chosen = list.index[0]! < 0
    const levels = levelsOf(list, context)
    const stays = (i: number) => fixed.size > 0 && fixed.has(list.index[i]!)
    const all = [...list.rows.keys()]
    const moving = all.filter((i) => !stays(i)).sort((a, b) => levels[a]! - levels[b]!)
    const held = new Map(all.filter(stays).map((i) => [list.index[i]!, i]))
    const order = all.map((position) => held.get(position) ?? moving.shift()!)
    const left = chosen && levels.includes(0) ? order.filter((i) => levels[i] === 0) : order
    const places = chosen ? left.slice(0, limit) : left
    const down = (i: number) => (levels[i]! & UNAVAILABLE) > 0
    const effects = new Map(all.filter(down).map((i) => [keyOf(list, i), DOWN]))
    const last = places.findLastIndex((i) => levels[i] === 0)
    const wrong = places.filter((i, position) => down(i) && (chosen || position < last)).length
    const broken: Broken[] = wrong > 0 ? [{ rule: 'available', kind: 'available', items: wrong }] : []
    return { ...take(list, Uint32Array.from(places)), rules: { effects, broken } }
  },

  depthFor: ({ limit }) => limit,

  hopesForMore: ({ rules }) => (rules?.broken.length ?? 0) > 0,

  effectsAlone: (list, context, i) => (levelsOf(list, context)[i]! & UNAVAILABLE ? [...DOWN] : []),
}

function levelsOf(list: Candidates, context: RankContext): Uint8Array {
  const { unwanted, settings } = context
  const asked = (settings.rules ?? []).length > 0
  const all = asked ? withRepeats(list, context) : list
  return Uint8Array.from(list.rows, (_, i) => {
    const unavailable = asked && String(attributeOf(context, all, i, 'available')) === 'false'
    const refused = unwanted.size > 0 && unwanted.has(idAt(context, list, i))
    return (unavailable ? UNAVAILABLE : 0) + (refused ? UNWANTED : 0)
  })
}
