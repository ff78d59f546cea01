/**
 * Step: fills what is still missing of `depth`, where too little is known of the visitor: with what visits begin with lately,
 * and then with what is popular. Every tenth place is for a new item. Their score is 0, as nothing else speaks for them.
 */
import { type Candidates, concat, type RankContext, SOURCES, type Step, take } from './candidates.js'
import { dislikes } from './dislikes.js'
import { FAR } from './refusals.js'
import { merged } from './sources/catalogue.js'
import { fresh, popular, trending } from './sources/openers.js'
import { woven } from './sources/woven.js'

const FRESH = SOURCES.indexOf('fresh')

export const fill: Step = (list, context) => {
  const before = list.rows.length
  const missing = context.depth - before
  if (missing <= 0) return list
  const excluded = new Set([...context.excluded, ...list.rows])
  const more = merged({ ...context, excluded }, [trending, popular, fresh])
  const usual = wantedFirst(more, context, missing)
  const news = usual.filter((place) => more.found[place]! & (1 << FRESH))
  const chosen = woven(usual, news, missing, before)
  const source = more.source.slice()
  for (const { entry, isNew } of chosen) if (isNew) source[entry] = FRESH
  return concat(
    list,
    take(
      { ...more, source },
      Uint32Array.from(chosen, ({ entry }) => entry),
    ),
  )
}

/** The places of a list; what is like a refused item comes behind so many others as are missing. */
function wantedFirst(list: Candidates, context: RankContext, missing: number): number[] {
  const places = [...list.rows.keys()]
  const { items, reaches } = context.refusals
  if (items.size === 0) return places
  // The whole catalogue may follow, so no more of it is looked at than may be needed.
  const first = places.slice(0, missing + FAR * (reaches.length + 1))
  const { against } = dislikes(take(list, Uint32Array.from(first)), context).features
  const isRefused = (place: number) => against[place]! >= 1
  return [
    ...first.filter((place) => !isRefused(place)),
    ...first.filter(isRefused),
    ...places.slice(first.length),
  ]
}
