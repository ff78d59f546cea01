/**
 * Step: fills what is still missing of `depth`, where too little is known of the visitor: with what visits begin with lately,
 * and then with what is popular. Every tenth place is for a new item. Their score is 0, as nothing else speaks for them.
 */
import { concat, SOURCES, type Step, take } from './candidates.js'
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
  const usual = [...more.rows.keys()]
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
