/** The best rows of the whole catalogue by the query vector. */
import { MAX_K } from '../compute/scorer.js'
import { DEPTH } from './blend.js'
import type { Generator } from './candidates.js'
import { FAR } from './refusals.js'

export const scan: Generator = ({ model, evidence, depth, excluded, refusals }) => {
  const { dense, session, repeats } = evidence
  if (!dense) return []
  // As many more as may be left out, or fall behind because they are seldom looked at twice, or like a refused item.
  const fallen = [...repeats.values()].filter((factor) => factor < 1).length
  const deep = Math.min(MAX_K, depth + excluded.size + fallen + FAR * refusals.reaches.length)
  const { rows } =
    deep <= DEPTH ? dense.best : model.scorer.topK(dense.query.codes, dense.query.biasMultiplier, deep)
  // Before the visit has begun, the profile alone makes the vector.
  return [{ source: session.vector ? 'session' : 'profile', rows }]
}
