/**
 * The pack's table of contents, `manifest.json`. Types here; `parse.ts` checks every field of one that came from
 * outside. docs/pack.md is the format's specification.
 */

export const FORMAT = 'nearside-pack'
export const FORMAT_VERSION = 1

export type Dtype = 'u8' | 'i8' | 'u16' | 'u32' | 'f32'

/**
 * How a section's bytes become an array.
 * - `raw`: little-endian, row-major.
 * - `front-coded`: strings, each without the bytes it shares with the one before; see `catalog/strings.ts`.
 * - `varint-delta`: ascending row numbers in lists, each the LEB128 difference to the one before (the first to -1);
 *   see `catalog/neighbours.ts`.
 * The latter two are in blocks of 16 entries; see `catalog/blocks.ts`.
 */
export type Encoding = 'raw' | 'front-coded' | 'varint-delta'

export interface Section {
  /** Dotted, e.g. `items.vectors`. Unique. */
  name: string
  dtype: Dtype
  /** Of the decoded array; for `front-coded` the number of strings. */
  shape: number[]
  encoding: Encoding
  /** Key in `files`. */
  file: string
  /** Bytes; offset is a multiple of 8, and the section's tag stands in the 8 bytes before it. */
  offset: number
  length: number
  /** A reader that does not know a required section refuses the pack; others are skipped. */
  required: boolean
  /** Real value = stored integer * scale, where the section is quantised. */
  scale?: number
}

export interface PackFile {
  /** `items.<16 hex of the hash>.bin`; the gzip form has `.gz` behind it. */
  name: string
  /** Bytes, decoded. */
  size: number
  /** SHA-256 of the decoded bytes, hex. */
  sha256: string
  /** Bytes of the `.bin.gz`. */
  encodedSize: number
}

/** A synthetic sequence of rows, and what the integer scan must answer for it, exactly, on every backend. */
export interface Golden {
  rows: number[]
  top: number[]
  scores: number[]
}

export interface Lineage {
  /** Events, sessions and items that training used. */
  events: number
  sessions: number
  items: number
  /** First and last event, ISO dates; null where the log has only an order. */
  from: string | null
  to: string | null
  /** End of the log as it tells time: seconds since 1970, or a position. What ends later is new to a warm start. */
  until?: number
  time: 'real' | 'day' | 'order'
  seed: number
  /** Sequence of the pack this one was warm-started from. */
  parent: number | null
  /** How far biases and tables lean to what sells now, 0 to 1; 0 where it is not told. */
  lean?: number
  /** Figures on the validation cut, e.g. recall20. */
  validation: Record<string, number>
  /**
   * Where training was cut short: the one for validation, on all but the latest sessions, or the last one, on all; and
   * the share of it that was done.
   */
  cutShort?: { phase: 'validation' | 'training'; done: number }
}

export interface Manifest {
  format: typeof FORMAT
  version: number
  /** Grows by at least 1 with every release; a client never goes back. */
  sequence: number
  /** ISO 8601. */
  created: string
  generator: string
  /** The kill switch: clients hand every call back to the server's order. */
  disabled: boolean
  /** The host serves `.bin` with a Content-Encoding of its own; otherwise `.bin.gz` is fetched. */
  hostCompresses: boolean
  dim: number
  items: number
  /** k: every pair, vector and count rests on at least so many distinct sessions. */
  minSessions: number
  encoder: { kind: string; window: number }
  /** Names of the neighbour tables, in the order of the blend's weights. */
  tables: string[]
  files: Record<string, PackFile>
  sections: Section[]
  golden: Golden[]
}

/** What the trainer writes: with its lineage, which tools show and browsers do not read. */
export interface WrittenManifest extends Manifest {
  lineage: Lineage
}
