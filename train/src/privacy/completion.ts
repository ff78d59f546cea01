/**
 * An attacker knows the first half of a visit and asks the pack for the rest. A good pack predicts a part of any
 * visit, also of visits that it was not trained on: that is its purpose. The leak is how much better it predicts the
 * visits that it was trained on (Calandrino et al. 2011, "You Might Also Like", infer a user's further items in this
 * way).
 *
 * There are two attackers. One uses the lists that a browser would show. The other reads the neighbour tables in both
 * directions and prefers rare items.
 */

import { gather, type ServingModel } from '../../../worker/rank/evidence.js'
import { retrieve } from '../../../worker/rank/retrieve.js'
import type { Interval } from '../evaluate/figures/bootstrap.js'
import { random } from '../maths/random.js'
import { Breath } from '../running/breath.js'
import type { AttackOptions } from './membership.js'
import { middle95 } from './roc.js'
import type { Suspect } from './suspects.js'

/** Share of sessions (at 1), or of hidden items (at 20), that are found. The excess is members minus outsiders. */
export interface Excess {
  members: number
  outsiders: number
  excess: number
  ci95: Interval
}

export interface Completed {
  members: number
  outsiders: number
  /** The first of the list is one of the hidden items. */
  at1: Excess
  /** Hidden items that are among the first twenty. */
  at20: Excess
}

export interface Completion {
  /** From the lists that browsers show, and from the neighbour tables read in both directions. */
  lists: Completed
  tables: Completed
  /** Only for sessions with a pair that fewer than k others share; null if there are too few. */
  listsRarePair: Completed | null
  tablesRarePair: Completed | null
}

const DEPTH = 20
const DRAWS = 500
const LEAST = 50

type Hits = { at1: number; at20: number }

export async function completion(
  model: ServingModel,
  members: readonly Suspect[],
  outsiders: readonly Suspect[],
  { seed, signal, onProgress }: AttackOptions,
): Promise<Completion> {
  const breath = new Breath(signal)
  const backward = reversed(model)
  const sides: { suspect: Suspect; lists: Hits; tables: Hits }[][] = [[], []]
  let done = 0
  for (const [side, suspects] of [members, outsiders].entries()) {
    for (const suspect of suspects) {
      done++
      // An item that the pack does not have is hidden and can never be found.
      const distinct = [...new Set(suspect.rows)]
      if (distinct.length < 2) continue
      const half = Math.ceil(distinct.length / 2)
      const known = distinct.slice(0, half).filter((row) => row >= 0)
      const hidden = distinct.slice(half)
      sides[side]!.push({
        suspect,
        lists: hits(fromLists(model, known), hidden),
        tables: hits(fromTables(model, backward, known), hidden),
      })
      if (breath.due()) {
        await breath.take()
        onProgress?.(done, members.length + outsiders.length)
      }
    }
  }
  const judge = (by: 'lists' | 'tables', rarePair = false): Completed | null => {
    const [m, o] = sides.map((side) =>
      side.filter(({ suspect }) => !rarePair || suspect.rarePair).map((found) => found[by]),
    ) as [Hits[], Hits[]]
    if (rarePair && Math.min(m.length, o.length) < LEAST) return null
    return {
      members: m.length,
      outsiders: o.length,
      at1: excess(
        m.map(({ at1 }) => at1),
        o.map(({ at1 }) => at1),
        seed,
      ),
      at20: excess(
        m.map(({ at20 }) => at20),
        o.map(({ at20 }) => at20),
        seed,
      ),
    }
  }
  return {
    lists: judge('lists')!,
    tables: judge('tables')!,
    listsRarePair: judge('lists', true),
    tablesRarePair: judge('tables', true),
  }
}

function hits(guesses: ArrayLike<number>, hidden: number[]): Hits {
  const guessed = Array.from(guesses)
  const found = hidden.filter((row) => row >= 0 && guessed.includes(row)).length
  return { at1: guessed.length > 0 && hidden.includes(guessed[0]!) ? 1 : 0, at20: found / hidden.length }
}

function fromLists(model: ServingModel, known: number[]): Uint32Array {
  const steps = known.map((row) => ({ row, weight: 1 }))
  return retrieve(model, gather(model, steps), DEPTH, new Set(known)).rows
}

type Reversed = Map<number, { row: number; share: number }[]>

/** For each row, the rows that have it as a neighbour. */
function reversed({ catalog }: ServingModel): Reversed {
  const backward: Reversed = new Map()
  for (let row = 0; row < catalog.size; row++) {
    for (let table = 0; table < catalog.tables.length; table++) {
      const { rows, weights } = catalog.neighbours(table, row)
      for (const [i, other] of rows.entries()) {
        const list = backward.get(other)
        const entry = { row, share: weights[i]! }
        if (list) list.push(entry)
        else backward.set(other, [entry])
      }
    }
  }
  return backward
}

function fromTables({ catalog }: ServingModel, backward: Reversed, known: number[]): number[] {
  const scores = new Map<number, number>()
  const add = (row: number, share: number) => {
    if (!known.includes(row)) scores.set(row, (scores.get(row) ?? 0) + share)
  }
  for (const row of known) {
    for (let table = 0; table < catalog.tables.length; table++) {
      const { rows, weights } = catalog.neighbours(table, row)
      for (const [i, other] of rows.entries()) add(other, weights[i]!)
    }
    for (const { row: other, share } of backward.get(row) ?? []) add(other, share)
  }
  const rarity = (row: number) => 1 / Math.sqrt(1 + catalog.popularity(row))
  return [...scores]
    .map(([row, score]) => ({ row, score: score * rarity(row) }))
    .sort((a, b) => b.score - a.score || a.row - b.row)
    .slice(0, DEPTH)
    .map(({ row }) => row)
}

function excess(members: number[], outsiders: number[], seed: number): Excess {
  const uniform = random(seed, 0xc0)
  const redrawn = (values: number[]) => {
    let sum = 0
    for (let i = 0; i < values.length; i++) sum += values[Math.floor(uniform() * values.length)]!
    return sum / values.length
  }
  const draws = Float64Array.from({ length: DRAWS }, () => redrawn(members) - redrawn(outsiders))
  const m = mean(members)
  const o = mean(outsiders)
  return { members: m, outsiders: o, excess: m - o, ci95: middle95(draws) }
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
