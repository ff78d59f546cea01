/** What a pack says about items. Rows are numbers 0 to size - 1 in the byte order of the ids' UTF-8. */
import type { AttributeValue, ItemFacts } from '../protocol.js'
import type { Dictionary } from './facts.js'

export interface Neighbours {
  /** Ascending. */
  rows: Uint32Array
  /** Of each row; they sum to 1 (Float32Array as long as rows). */
  weights: Float32Array
}

export interface Catalog {
  readonly size: number
  readonly dim: number
  /** Int8Array of size*dim, row-major: vector = codes * step. */
  readonly codes: Int8Array
  readonly step: number
  /** Int8Array of size: bias in logits = bias * biasStep; EXCLUDED (-128) marks rows that no scan returns. */
  readonly bias: Int8Array
  readonly biasStep: number
  /** Neighbour tables by position in the manifest's `tables`. */
  readonly tables: readonly string[]
  /** Row of an id, or -1. */
  rowOf(id: string): number
  idOf(row: number): string
  /** Dequantised vector: Float32Array of dim. */
  vector(row: number): Float32Array
  neighbours(table: number, row: number): Neighbours
  /** Sessions with the item in the training log; 0 where fewer than k. */
  popularity(row: number): number
  /** One fact of a row: `title`, `category`, `brand`, `price`, `available`, …; undefined where nothing is known. */
  attribute(row: number, name: string): AttributeValue | undefined
  facts(row: number): ItemFacts
  /** Rows of positive popularity, most popular first, ties by row; at most n. */
  popular(n: number): Uint32Array
  /** Rows that visits begin with lately, the likeliest first. Empty where the pack does not say. */
  readonly trending: Uint32Array
  /** Rows of new items, those that many have seen first. Empty where the pack names none. */
  readonly fresh: Uint32Array
  /** Whether the pack has a fact of this name, as far as it is loaded. */
  has(fact: string): boolean
  /** The categories or brands of all rows; undefined where the pack has none, or not yet. */
  dictionary(field: 'category' | 'brand'): Dictionary | undefined
}
