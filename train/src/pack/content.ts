/**
 * The content of a pack before it is encoded. The trainer produces it, and `write.ts` turns it into files. Row i of
 * every array belongs to `ids[i]`.
 */
import type { Lineage } from '../../../worker/pack/manifest.js'
import type { RankingSettings } from '../../../worker/protocol.js'
import type { Blend } from '../../../worker/rank/blend.js'
import type { EncoderTensors } from '../../../worker/session/encoder.js'

/** A sparse item-to-item table in compressed rows. */
export interface NeighbourTable {
  /** Lower-case letters, digits and hyphens, e.g. `symmetric`. */
  name: string
  /** Uint32Array of n + 1: the list of row i is [offsets[i], offsets[i + 1]). A list has at most 255 entries. */
  offsets: Uint32Array
  /** Rows of the neighbours, ascending and distinct within each list. */
  rows: Uint32Array
  /** 1 to 255; an entry's share of its list is proportional to (weight / 255)^2. Entries of weight 0 are left out. */
  weights: Uint8Array
}

/** The catalogue's columns. Each has n values if the shop has it; undefined (NaN for numbers) if a row has no value. */
export interface FactColumns {
  title?: (string | undefined)[]
  category?: (string | undefined)[]
  brand?: (string | undefined)[]
  image?: (string | undefined)[]
  url?: (string | undefined)[]
  price?: Float32Array | Float64Array
  available?: (boolean | undefined)[]
  /** Unix seconds. */
  added?: Float64Array
  /** Days after which an item is usually bought again; 0 where that is not known. */
  repurchase?: Uint16Array
  /** Further columns, by their names: at most MOST_COLUMNS. */
  attributes?: ReadonlyMap<string, readonly (string | undefined)[]>
}

/** What is shown to a visitor of whom nothing is known. */
export interface Openers {
  /** Rows that visits begin with lately, the likeliest first. Of positive popularity, as those below. */
  trending: Uint32Array
  /** Rows of new items, those that most have seen first; empty if showing them finds less. */
  fresh: Uint32Array
}

export interface PackContent {
  /** 1 to 128. */
  dim: number
  /** Distinct, not empty, in the byte order of their UTF-8. `compareIds` sorts in this order. */
  ids: string[]
  /** Int8Array of n*dim, row-major; a vector is codes * step. */
  codes: Int8Array
  step: number
  /** Int8Array of n; the bias of a logit is bias * biasStep, and -128 (EXCLUDED) hides the row from scans. */
  bias: Int8Array
  biasStep: number
  /**
   * Sessions with each item; 0 if fewer than k. Stored with an error of at most 1/16 (docs/pack.md); the order of the
   * top 1000 is exact.
   */
  popularity: Uint32Array
  /** In the same order as the blend's table weights. */
  tables: NeighbourTable[]
  encoder: EncoderTensors
  blend: Blend
  /** Weights of the second stage; absent where it does not pay. */
  stage?: Float32Array | undefined
  /** How much more the same category counts in `similar`, as a logarithm; absent where that does not pay. */
  similar?: number | undefined
  /** k. */
  minSessions: number
  facts: FactColumns | null
  /** How lists are made in every shop that uses the pack. */
  ranking?: RankingSettings | undefined
  openers?: Openers
  lineage: Lineage
}

/** Compares ids by their UTF-8 bytes, which gives the order of their code points. */
export function compareIds(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length)
  for (let i = 0; i < shorter; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x !== y) return codePointRank(x) - codePointRank(y)
  }
  return a.length - b.length
}

/** UTF-16 has surrogates (characters above U+FFFF) before U+E000; in code point order these characters come last. */
function codePointRank(unit: number): number {
  return unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800
}
