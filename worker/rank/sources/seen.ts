/** What the visitor has looked at already, in this visit or in earlier ones. */
import type { Generator } from '../candidates.js'

export const seen: Generator = ({ evidence: { steps, repeats } }) => {
  const thisVisit = new Set(steps.map(({ row }) => row))
  const rows = [...repeats.keys()]
  return [
    { source: 'session', rows: rows.filter((row) => thisVisit.has(row)) },
    { source: 'profile', rows: rows.filter((row) => !thisVisit.has(row)) },
  ]
}
