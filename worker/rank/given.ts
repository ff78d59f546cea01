/** The candidates that the request names, in the server's order: the shop's own list. */
import { type CandidateSource, candidates } from './candidates.js'

export const given: CandidateSource = ({ model, ids }) => {
  // A missing id has no row, and a repeated one has it only where it comes first.
  const seen = new Set([''])
  const rows = ids.map((id) => (seen.has(id) ? -1 : seen.add(id) && model.catalog.rowOf(id)))
  return { ...candidates(rows, 'server'), index: Int32Array.from(rows.keys()) }
}
