/** Opens the content of a pack as the engine does, but without files. Fitting and validation use it. */

import type { Catalog, Neighbours } from '../../../../worker/catalog/catalog.js'
import { countOf } from '../../../../worker/catalog/popularity.js'
import { openScorer } from '../../../../worker/compute/open.js'
import type { AttributeValue } from '../../../../worker/protocol.js'
import type { ServingModel } from '../../../../worker/rank/evidence.js'
import type { PackContent } from '../../pack/content.js'
import { popularityCode } from '../../pack/encode.js'

export async function modelOf(content: PackContent): Promise<ServingModel> {
  const { codes, bias, dim, encoder, blend, stage } = content
  const scorer = await openScorer(codes, bias, dim, 'auto')
  return { catalog: catalogOf(content), scorer, encoder, blend, stage, similar: content.similar }
}

function catalogOf(content: PackContent): Catalog {
  const { dim, ids, codes, step, bias, biasStep, popularity, tables, facts, openers } = content
  let rows: Map<string, number> | undefined
  return {
    size: ids.length,
    dim,
    codes,
    step,
    bias,
    biasStep,
    tables: tables.map(({ name }) => name),
    rowOf(id) {
      rows ??= new Map(ids.map((id, row) => [id, row]))
      return rows.get(id) ?? -1
    },
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
    // As a pack has it, which stores counts coarsely.
    popularity: (row) => countOf(popularityCode(popularity[row]!)),
    attribute: (row, name) => attributeIn(facts, row, name),
    facts: (row) => ({ id: ids[row]!, popularity: popularity[row]! }),
    trending: openers?.trending ?? new Uint32Array(),
    fresh: openers?.fresh ?? new Uint32Array(),
    has: () => false,
    dictionary: () => undefined,
    popular(n) {
      const order = Uint32Array.from(popularity.keys()).filter((row) => popularity[row]! > 0)
      return order.sort((a, b) => popularity[b]! - popularity[a]! || a - b).subarray(0, n)
    },
  }
}

/** What the pack would say of an item, as far as the second stage reads it. */
function attributeIn(facts: PackContent['facts'], row: number, name: string): AttributeValue | undefined {
  if (name === 'category' || name === 'brand') return facts?.[name]?.[row]
  const price = name === 'price' ? facts?.price?.[row] : undefined
  // As `catalog/facts.ts` reads it: 32 bits hold seven digits.
  return price! >= 0 ? Number(Math.fround(price!).toPrecision(7)) : undefined
}
