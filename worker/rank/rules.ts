/** Steps that have the last word, whatever the scores say. */
import { idAt, type Step, take } from './candidates.js'

/** The items that the visitor wants to see less of come last. All others stay as they are. */
export const unwantedLast: Step = (list, context) => {
  const { unwanted } = context
  if (unwanted.size === 0) return list
  const places = [...list.rows.keys()]
  const isUnwanted = (place: number) => unwanted.has(idAt(context, list, place))
  return take(
    list,
    Uint32Array.from([
      ...places.filter((place) => !isUnwanted(place)),
      ...places.filter((place) => isUnwanted(place)),
    ]),
  )
}
