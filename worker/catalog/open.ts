/** The catalogue as the pack has it: views and lazy readers, nothing decoded before it is asked for. */
import { PackError } from '../pack/errors.js'
import type { Pack } from '../pack/pack.js'
import type { ItemFacts } from '../protocol.js'
import type { Catalog, Neighbours } from './catalog.js'
import { Facts } from './facts.js'
import { NeighbourTable } from './neighbours.js'
import { countOf } from './popularity.js'
import { Strings } from './strings.js'

/**
 * @param pack with all required files attached; facts are read as soon as theirs is
 * @throws PackError
 */
export function openCatalog(pack: Pack): Catalog {
  return new PackCatalog(pack)
}

class PackCatalog implements Catalog {
  readonly size: number
  readonly dim: number
  readonly codes: Int8Array
  readonly step: number
  readonly bias: Int8Array
  readonly biasStep: number
  readonly tables: readonly string[]
  readonly #pack: Pack
  readonly #ids: Strings
  readonly #neighbours: NeighbourTable[]
  readonly #popularity: Uint8Array
  readonly #popular: Uint32Array
  #facts: Facts | undefined

  constructor(pack: Pack) {
    const { items, dim, tables } = pack.manifest
    this.#pack = pack
    this.size = items
    this.dim = dim
    this.tables = tables
    this.codes = pack.array('items.vectors', 'i8', items, dim)
    this.step = scaleOf(pack, 'items.vectors')
    this.bias = pack.array('items.bias', 'i8', items)
    this.biasStep = scaleOf(pack, 'items.bias')
    this.#ids = new Strings(pack, 'items.ids', items)
    this.#neighbours = tables.map((table) => new NeighbourTable(pack, table))
    this.#popularity = pack.array('items.popularity', 'u8', items)
    this.#popular = pack.array('items.popular', 'u32', -1)
    const distinct = new Set(this.#popular)
    if (distinct.size < this.#popular.length || this.#popular.some((row) => !this.#popularity[row])) {
      throw new PackError('malformed', 'section items.popular: not distinct rows of positive popularity')
    }
  }

  rowOf(id: string): number {
    return this.#ids.find(id)
  }

  idOf(row: number): string {
    return this.#ids.at(row)
  }

  vector(row: number, out = new Float32Array(this.dim)): Float32Array {
    const at = row * this.dim
    for (let d = 0; d < this.dim; d++) out[d] = this.codes[at + d]! * this.step
    return out
  }

  neighbours(table: number, row: number): Neighbours {
    return this.#neighbours[table]!.of(row)
  }

  popularity(row: number): number {
    return countOf(this.#popularity[row]!)
  }

  /** The pack lists the first thousand; nobody has asked for more. */
  popular(n: number): Uint32Array {
    return this.#popular.subarray(0, n)
  }

  facts(row: number): ItemFacts {
    const known: ItemFacts = { id: this.idOf(row), popularity: this.popularity(row) }
    if (!this.#facts && this.#pack.missing(false).length === 0) this.#facts = new Facts(this.#pack)
    return this.#facts?.read(row, known) ?? known
  }
}

function scaleOf(pack: Pack, name: string): number {
  const { scale = 0 } = pack.section(name).section
  if (!(scale > 1e-30 && scale < 1e30)) throw new PackError('malformed', `section ${name}: scale is ${scale}`)
  return scale
}
