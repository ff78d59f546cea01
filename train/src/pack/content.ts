/**
 * What goes into a pack, before it is bytes: the trainer hands this over, `write.ts` turns it into files.
 * Row i of everything belongs to `ids[i]`.
 */
import type { Lineage } from '../../../worker/pack/manifest.js'
import type { Blend } from '../../../worker/rank/blend.js'
import type { EncoderTensors } from '../../../worker/session/encoder.js'

/** A sparse item-to-item table in compressed rows. */
export interface NeighbourTable {
  /** Lower-case letters, digits and hyphens, e.g. `symmetric`. */
  name: string
  /** Uint32Array of n + 1: row i's list is [offsets[i], offsets[i + 1]). At most 255 entries a list. */
  offsets: Uint32Array
  /** Neighbours' rows, ascending and distinct within each list. */
  rows: Uint32Array
  /** 1 to 255; the share is proportional to (weight / 255)^2 within the list. Entries of weight 0 are left out. */
  weights: Uint8Array
}

/** The catalogue's columns, each n long where the shop has it; undefined (NaN for prices) where a row lacks it. */
export interface FactColumns {
  title?: (string | undefined)[]
  category?: (string | undefined)[]
  brand?: (string | undefined)[]
  image?: (string | undefined)[]
  url?: (string | undefined)[]
  price?: Float32Array | Float64Array
  available?: (boolean | undefined)[]
}

export interface PackContent {
  /** 1 to 128. */
  dim: number
  /** Distinct, not empty, in the byte order of their UTF-8 (`compareIds` sorts so). */
  ids: string[]
  /** Int8Array of n*dim, row-major; a vector is codes * step. */
  codes: Int8Array
  step: number
  /** Int8Array of n; a logit's bias is bias * biasStep, and -128 (EXCLUDED) hides the row from scans. */
  bias: Int8Array
  biasStep: number
  /** Sessions with each item; 0 where fewer than k. Stored to within 1/16 (docs/pack.md), order kept for the top 1000. */
  popularity: Uint32Array
  /** In the order of the blend's table weights. */
  tables: NeighbourTable[]
  encoder: EncoderTensors
  blend: Blend
  /** k. */
  minSessions: number
  facts: FactColumns | null
  lineage: Lineage
}

/** Order of ids in a pack: that of their UTF-8 bytes, which is that of their code points. */
export function compareIds(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length)
  for (let i = 0; i < shorter; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x !== y) return codePointRank(x) - codePointRank(y)
  }
  return a.length - b.length
}

/** UTF-16 puts surrogates (characters above U+FFFF) before U+E000; code points put them last. */
function codePointRank(unit: number): number {
  return unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800
}
