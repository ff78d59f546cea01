/** The catalogue of a pack: views and lazy readers. Nothing is decoded before it is needed. */
import { PackError } from '../pack/errors.js'
import type { Pack } from '../pack/pack.js'
import type { Catalog } from './catalog.js'
import { type Dictionary, openFacts, readDictionary } from './facts.js'
import { openNeighbours } from './neighbours.js'
import { countOf } from './popularity.js'
import { openStrings } from './strings.js'

/**
 * @param pack with all required files attached; the facts of the others are read once these are attached too
 * @throws PackError
 */
export function openCatalog(pack: Pack): Catalog {
  const { items, dim, tables } = pack.manifest
  const codes = pack.array('items.vectors', 'i8', items, dim)
  const step = scaleOf(pack, 'items.vectors')
  const ids = openStrings(pack, 'items.ids', items)
  const neighbours = tables.map((table) => openNeighbours(pack, table))
  const counts = pack.array('items.popularity', 'u8', items)
  const listOf = (name: string) => {
    const rows = pack.array(name, 'u32', -1)
    if (new Set(rows).size < rows.length || rows.some((row) => !counts[row])) {
      throw new PackError('malformed', `section ${name}: not distinct rows of positive popularity`)
    }
    return rows
  }
  const popular = listOf('items.popular')
  const optional = (name: string) => (pack.has(name) ? listOf(name) : new Uint32Array())
  const popularity = (row: number) => countOf(counts[row]!)
  let readers: ReturnType<typeof openFacts> | undefined
  let missing: number | undefined
  const dictionaries = new Map<string, Dictionary>()
  /** Opened again when more is there: titles and links are in the pack's last file, and nothing waits for them. */
  const facts = () => {
    if (missing !== 0) {
      const still = pack.missing(false).length
      if (still !== missing) readers = openFacts(pack)
      missing = still
    }
    return readers!
  }

  return {
    size: items,
    dim,
    codes,
    step,
    bias: pack.array('items.bias', 'i8', items),
    biasStep: scaleOf(pack, 'items.bias'),
    tables,
    rowOf: ids.find,
    idOf: ids.at,
    vector(row) {
      const vector = new Float32Array(dim)
      for (let d = 0; d < dim; d++) vector[d] = codes[row * dim + d]! * step
      return vector
    },
    neighbours: (table, row) => neighbours[table]!(row),
    popularity,
    // A pack lists a thousand at most.
    popular: (n) => popular.subarray(0, n),
    trending: optional('items.trending'),
    fresh: optional('items.fresh'),
    has: (field) => facts().has(field),
    dictionary(field) {
      if (facts().has(field) && !dictionaries.has(field)) dictionaries.set(field, readDictionary(pack, field))
      return dictionaries.get(field)
    },
    attribute: (row, name) => facts().get(name)?.(row),
    facts(row) {
      const known = [...facts()]
        .map(([name, of]) => [name, of(row)])
        .filter(([, value]) => value !== undefined)
      return { ...Object.fromEntries(known), id: ids.at(row), popularity: popularity(row) }
    },
  }
}

function scaleOf(pack: Pack, name: string): number {
  const { scale = 0 } = pack.section(name).section
  if (!(scale > 1e-30 && scale < 1e30)) throw new PackError('malformed', `section ${name}: scale is ${scale}`)
  return scale
}
