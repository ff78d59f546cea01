/** Opens the content of a pack as the engine does, but without files. Fitting and validation use it. */
import type { Catalog, Neighbours } from '../../../../worker/catalog/catalog.js'
import { openScorer } from '../../../../worker/compute/open.js'
import type { ServingModel } from '../../../../worker/rank/evidence.js'
import type { PackContent } from '../../pack/content.js'

export async function modelOf(content: PackContent): Promise<ServingModel> {
  const { codes, bias, dim, encoder, blend } = content
  return { catalog: catalogOf(content), scorer: await openScorer(codes, bias, dim, 'auto'), encoder, blend }
}

function catalogOf({ dim, ids, codes, step, bias, biasStep, popularity, tables }: PackContent): Catalog {
  return {
    size: ids.length,
    dim,
    codes,
    step,
    bias,
    biasStep,
    tables: tables.map(({ name }) => name),
    rowOf: (id) => ids.indexOf(id),
    idOf: (row) => ids[row]!,
    vector: (row) => Float32Array.from(codes.subarray(row * dim, row * dim + dim), (code) => code * step),
    neighbours(table, row): Neighbours {
      const { offsets, rows, weights } = tables[table]!
      const from = offsets[row]!
      const to = offsets[row + 1]!
      const shares = Float32Array.from(weights.subarray(from, to), (code) => code * code)
      let total = 0
      for (const share of shares) total += share
      return { rows: rows.subarray(from, to), weights: shares.map((share) => share / total) }
    },
    popularity: (row) => popularity[row]!,
    attribute: () => undefined,
    facts: (row) => ({ id: ids[row]!, popularity: popularity[row]! }),
    trending: new Uint32Array(),
    fresh: new Uint32Array(),
    has: () => false,
    dictionary: () => undefined,
    popular(n) {
      const order = Uint32Array.from(popularity.keys()).filter((row) => popularity[row]! > 0)
      return order.sort((a, b) => popularity[b]! - popularity[a]! || a - b).subarray(0, n)
    },
  }
}
