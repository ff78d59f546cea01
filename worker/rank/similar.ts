/** What is like one item: the catalogue's candidates for a visitor who has just looked at it. */
import { type CandidateSource, SOURCES } from './candidates.js'
import { whole } from './catalogue.js'

export const similar: CandidateSource = (context) => {
  const list = whole(context)
  return { ...list, source: list.source.slice().fill(SOURCES.indexOf('similar')) }
}
