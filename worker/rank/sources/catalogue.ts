/**
 * Candidates from the whole catalogue. Several generators put rows forward; where more than one knows an item, the
 * first of them is named as its source.
 *
 * A row that no generator knows cannot have a higher relevance than the last one that is kept: `scan` goes as deep as
 * the list is long, and the others give all they have.
 */
import { type CandidateSource, candidates, type Generator, SOURCES } from '../candidates.js'
import { neighbours } from './neighbours.js'
import { scan } from './scan.js'
import { seen } from './seen.js'

/** The narrowest come first: what the scan finds tells the least about why. */
const GENERATORS: readonly Generator[] = [seen, neighbours, scan]

export const catalogue: CandidateSource = (context) => {
  const taken = new Set<number>()
  const found: number[] = []
  const sources: number[] = []
  for (const generate of GENERATORS) {
    for (const { source, rows } of generate(context)) {
      const code = SOURCES.indexOf(source)
      for (const row of rows) {
        if (taken.has(row) || context.excluded.has(row)) continue
        taken.add(row)
        found.push(row)
        sources.push(code)
      }
    }
  }
  return { ...candidates(found, 'session'), source: Uint8Array.from(sources) }
}
