/**
 * Candidates from the whole catalogue. Several generators put rows forward; where more than one knows an item, the
 * first of them is named as its source, and all of them are marked.
 *
 * A row that no generator knows cannot have a higher relevance than the last one that is kept: `scan` goes as deep as
 * the list is long, and the others give all they have.
 */
import { type CandidateSource, candidates, type Generator, SOURCES } from './candidates.js'
import { content } from './content.js'
import { neighbours } from './neighbours.js'
import { scan } from './scan.js'
import { viewed } from './viewed.js'

/** The narrowest come first: what the scan finds tells the least about why. */
export const GENERATORS: readonly Generator[] = [viewed, neighbours, scan]

export const catalogue: CandidateSource = (context) => merged(context, GENERATORS)

/** The same, and what fits by content. */
export const whole: CandidateSource = (context) => merged(context, [content, ...GENERATORS])

/** Everything that the generators put forward, each row once. */
export const merged = (
  context: Parameters<Generator>[0],
  generators: readonly Generator[],
): ReturnType<CandidateSource> => {
  const places = new Map<number, number>()
  const rows: number[] = []
  const source: number[] = []
  const found: number[] = []
  for (const generate of generators) {
    for (const { source: name, rows: forward } of generate(context)) {
      const code = SOURCES.indexOf(name)
      for (const row of forward) {
        const place = places.get(row)
        if (place !== undefined) found[place]! |= 1 << code
        else if (!context.excluded.has(row)) {
          places.set(row, rows.length)
          rows.push(row)
          source.push(code)
          found.push(1 << code)
        }
      }
    }
  }
  return { ...candidates(rows, 'session'), source: Uint8Array.from(source), found: Uint16Array.from(found) }
}
