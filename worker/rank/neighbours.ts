/** Every neighbour of the visitor's items, from all neighbour tables. */
import type { Generator } from './candidates.js'

export const neighbours: Generator = ({ evidence }) =>
  evidence.tables.map((shares) => ({ source: 'neighbours', rows: shares.keys() }))
