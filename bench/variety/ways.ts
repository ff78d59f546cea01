/** Ways to give up accuracy for variety. Each is asked with a strength from 0 to 1. */
import { type Random, random } from '../../train/src/maths/random.js'
import { LENGTH, type VariedList, varied } from '../../train/src/stage/variety.js'

/** Rows of the first positions. */
type Way = (list: VariedList, strength: number) => ArrayLike<number>

/** A new one for each run, so that all runs draw the same numbers. */
export const WAYS: Readonly<Record<string, () => Way>> = {
  'MMR (the default)': () => (list, strength) => varied(list, { strength }),
  DPP: () => (list, strength) => varied(list, { strength, method: 'dpp' }),
  'random swaps': () => {
    const uniform = random(1, 0x5a)
    return ({ candidates }, strength) => swapped(candidates.rows, uniform, () => uniform() < strength / 2)
  },
  'random items in the last positions': () => {
    const uniform = random(1, 0x5b)
    // With strength 1 the last four of ten.
    return ({ candidates }, strength) =>
      swapped(candidates.rows, uniform, (position) => position >= LENGTH - 4 * strength - uniform())
  },
  'popularity penalty':
    () =>
    ({ candidates: { rows, score }, context }, strength) => {
      const { catalog } = context.model
      const value = Float64Array.from(
        rows,
        (row, i) => Math.log(score[i]!) - strength * Math.log(1 + catalog.popularity(row)),
      )
      const order = [...rows.keys()].sort((a, b) => value[b]! - value[a]!)
      return order.slice(0, LENGTH).map((i) => rows[i]!)
    },
}

/** Some positions get an item that is drawn from those behind the list, each item once. */
function swapped(rows: Int32Array, uniform: Random, isSwapped: (position: number) => boolean): number[] {
  const list = [...rows.subarray(0, LENGTH)]
  const rest = [...rows.subarray(LENGTH)]
  for (let position = 0; position < list.length; position++) {
    if (!isSwapped(position) || rest.length === 0) continue
    const [drawn] = rest.splice(Math.floor(uniform() * rest.length), 1)
    list[position] = drawn!
  }
  return list
}
