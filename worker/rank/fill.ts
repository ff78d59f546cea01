/**
 * Step: fills what is still missing, where too little is known of the visitor: first with what fits a search or the page they
 * came to, then with what visits begin with lately, and then with what is popular. Every tenth place is for a new item.
 * Their score is 0, as nothing else speaks for them.
 */
import { concat, SOURCES, type Step, take } from './candidates.js'
import { merged } from './sources/catalogue.js'
import { content } from './sources/content.js'
import { fresh, popular, trending } from './sources/openers.js'

const EVERY = 10
const FRESH = SOURCES.indexOf('fresh')

export const fill: Step = (list, context) => {
  const { limit, excluded } = context
  const missing = limit - list.rows.length
  if (missing <= 0) return list
  const taken = { ...context, excluded: new Set([...excluded, ...list.rows]) }
  const more = merged(taken, [content, trending, popular, fresh])
  const places = [...more.rows.keys()]
  const news = places.filter((place) => more.found[place]! & (1 << FRESH))
  const chosen = new Set<number>()
  const source = more.source.slice()
  for (const place of places) {
    if (chosen.size >= missing) break
    if ((list.rows.length + chosen.size + 1) % EVERY === 0) {
      const next = news.find((place) => !chosen.has(place))
      if (next !== undefined) {
        chosen.add(next)
        source[next] = FRESH
      }
    }
    if (chosen.size < missing) chosen.add(place)
  }
  return concat(list, take({ ...more, source }, Uint32Array.from(chosen)))
}
