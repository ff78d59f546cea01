/**
 * What the visitor has looked at already and may look at again: in this visit, and in earlier ones where the shop's log shows
 * that people come back to items.
 */
import type { Generator } from '../candidates.js'

export const viewed: Generator = ({ evidence: { repeats } }) => [{ source: 'viewed', rows: repeats.keys() }]
