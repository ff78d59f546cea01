/** Which generators put an item forward, whether others are better or not. */
import type { Source } from '../protocol.js'
import { DEPTH } from './blend.js'
import { foundBy, type RankContext } from './candidates.js'
import { GENERATORS, merged } from './catalogue.js'
import { content } from './content.js'
import { fresh, popular, trending } from './openers.js'

export function sourcesOf(context: RankContext, row: number): Source[] {
  const list = merged({ ...context, depth: DEPTH }, [content, ...GENERATORS, trending, fresh, popular])
  const i = list.rows.indexOf(row)
  return i < 0 ? [] : foundBy(list, i)
}
