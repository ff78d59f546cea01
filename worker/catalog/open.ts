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
  #popular: Uint32Array
  #popularIsAll = false
  #facts: Facts | undefined

  constructor(pack: Pack) {
    const { items, dim, tables } = pack.manifest
    this.#pack = pack
    this.size = items
    this.dim = dim
    this.tables = tables
    this.codes = pack.array('items.vectors', 'i8')
    this.step = scaleOf(pack, 'items.vectors')
    this.bias = pack.array('items.bias', 'i8')
    this.biasStep = scaleOf(pack, 'items.bias')
    this.#ids = new Strings(pack, 'items.ids')
    this.#neighbours = tables.map((table) => new NeighbourTable(pack, table))
    this.#popularity = pack.array('items.popularity', 'u8')
    this.#popular = pack.array('items.popular', 'u32')
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

  vector(row: number, out: Float32Array): void {
    const at = row * this.dim
    for (let d = 0; d < this.dim; d++) out[d] = this.codes[at + d]! * this.step
  }

  neighbours(table: number, row: number): Neighbours {
    return this.#neighbours[table]!.of(row)
  }

  popularity(row: number): number {
    return countOf(this.#popularity[row]!)
  }

  /** The pack lists the first in their exact order; behind them the stored counts decide. */
  popular(n: number): Uint32Array {
    if (n > this.#popular.length && !this.#popularIsAll) {
      this.#popular = behind(this.#popular, this.#popularity)
      this.#popularIsAll = true
    }
    return this.#popular.subarray(0, n)
  }

  facts(row: number): ItemFacts {
    const known: ItemFacts = { id: this.idOf(row), popularity: this.popularity(row) }
    if (!this.#facts && this.#pack.complete) this.#facts = new Facts(this.#pack)
    return this.#facts?.read(row, known) ?? known
  }
}

/** The listed rows, then all others of positive popularity by falling code, ties by row: a counting sort. */
function behind(listed: Uint32Array, codes: Uint8Array): Uint32Array {
  const left = codes.slice()
  for (const row of listed) left[row] = 0
  const counts = new Uint32Array(256)
  for (const code of left) counts[code]!++
  const places = new Uint32Array(256)
  let end = listed.length
  for (let code = 255; code > 0; code--) {
    places[code] = end
    end += counts[code]!
  }
  const all = new Uint32Array(end)
  all.set(listed)
  for (let row = 0; row < left.length; row++) {
    const code = left[row]!
    if (code > 0) all[places[code]!++] = row
  }
  return all
}

function scaleOf(pack: Pack, name: string): number {
  const { scale } = pack.section(name)
  if (scale === undefined) throw new PackError('malformed', `section ${name} has no scale`)
  return scale
}
