/** The self-test in a pack: random sequences, and the answers of the integer scan to them. */
import { openCatalog } from '../../../worker/catalog/open.js'
import { openJs } from '../../../worker/compute/js.js'
import { golden } from '../../../worker/golden.js'
import type { Golden } from '../../../worker/pack/manifest.js'
import type { Pack } from '../../../worker/pack/pack.js'
import { readBlend } from '../../../worker/rank/read.js'
import { readEncoder } from '../../../worker/session/read.js'
import { random } from '../maths/random.js'

const LENGTHS = [1, 2, 5, 20]
const DEPTH = 10

/**
 * The golden sequences of a pack. Their rows are drawn at random, so no session of a visitor is in them. They are
 * answered from the pack as a browser reads it, with integer arithmetic.
 */
export function goldenOf(pack: Pack): Golden[] {
  const catalog = openCatalog(pack)
  const scorer = openJs(catalog.codes, catalog.bias, catalog.dim)
  const model = { catalog, scorer, encoder: readEncoder(pack), blend: readBlend(pack) }
  const uniform = random(catalog.size)
  const next = () => Math.floor(uniform() * catalog.size)
  return LENGTHS.map((length) => golden(model, Array.from({ length }, next), DEPTH))
}
