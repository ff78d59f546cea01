/**
 * Types of `manifest.json`, the pack's table of contents. `parse.ts` checks every field of a manifest that comes from
 * outside. docs/pack.md is the specification of the format.
 */

export const FORMAT = 'nearside-pack'
export const FORMAT_VERSION = 1

export type Dtype = 'u8' | 'i8' | 'u16' | 'u32' | 'f32'

/**
 * How a section's bytes become an array.
 * - `raw`: little-endian, row-major.
 * - `front-coded`: strings, each without the bytes that it shares with the one before; see `catalog/strings.ts`.
 * - `varint-delta`: lists of ascending row numbers. Each number is stored as the LEB128 difference to the one before, and the
 *   first one as the difference to -1; see `catalog/neighbours.ts`.
 * The last two are in blocks of 16 entries; see `catalog/blocks.ts`.
 */
export type Encoding = 'raw' | 'front-coded' | 'varint-delta'

export interface Section {
  /** Unique, with dots, e.g. `items.vectors`. */
  name: string
  dtype: Dtype
  /** Shape of the decoded array; for `front-coded` the number of strings. */
  shape: number[]
  encoding: Encoding
  /** Key in `files`. */
  file: string
  /** In bytes. The offset is a multiple of 8; the section's tag and length are in the 8 bytes before it. */
  offset: number
  length: number
  /** A reader refuses a pack with a required section that it does not know. It skips unknown optional sections. */
  required: boolean
  /** For a quantised section: real value = stored integer * scale. */
  scale?: number
}

export interface PackFile {
  /** `items.<16 hex digits of the hash>.bin`; the gzip form has `.gz` at the end. */
  name: string
  /** Bytes, decoded. */
  size: number
  /** SHA-256 of the decoded bytes, hex. */
  sha256: string
  /** Size of the `.bin.gz` in bytes. */
  encodedSize: number
}

/** A made-up sequence of rows, and the exact answer that the integer scan must give on every backend. */
export interface Golden {
  rows: number[]
  top: number[]
  scores: number[]
}

export interface Lineage {
  /** Numbers of events, sessions and items that training used. */
  events: number
  sessions: number
  items: number
  /** Dates of the first and last event (ISO); null if the log has only an order and no times. */
  from: string | null
  to: string | null
  /** End of the log, in its own measure of time: seconds since 1970, or a position. Later sessions are new to a warm start. */
  until?: number
  time: 'real' | 'day' | 'order'
  seed: number
  /** Sequence of the pack that this one was warm-started from. */
  parent: number | null
  /** How far biases and tables lean to what sells now, 0 to 1. If absent, 0. */
  lean?: number
  /** Figures on the validation cut, e.g. recall20. */
  validation: Record<string, number>
  /**
   * Present if training was cut short. `phase` says which training: `validation`, on all but the latest sessions, or
   * `training`, on all sessions. `done` is the share of it that was done.
   */
  cutShort?: { phase: 'validation' | 'training'; done: number }
}

export interface Manifest {
  format: typeof FORMAT
  version: number
  /** Grows by at least 1 with every release. A client never goes back to a lower one. */
  sequence: number
  /** ISO 8601. */
  created: string
  generator: string
  /** The kill switch: clients answer every call with the server's order. */
  disabled: boolean
  /** True if the host compresses `.bin` files by itself (Content-Encoding). If false, `.bin.gz` is fetched. */
  hostCompresses: boolean
  dim: number
  items: number
  /** k: every pair, vector and count rests on at least this many distinct sessions. */
  minSessions: number
  encoder: { kind: string; window: number }
  /** Names of the neighbour tables, in the order of the blend's weights. */
  tables: string[]
  files: Record<string, PackFile>
  sections: Section[]
  golden: Golden[]
  /** Strengths of signals that differ from the usual ones; see `feedback/signals.ts`. */
  strengths?: Record<string, number>
  /** The strength that `variety: true` means, where training could find out. */
  variety?: number
}

/** The manifest as the trainer writes it. Its lineage is for tools; browsers do not read it. */
export interface WrittenManifest extends Manifest {
  lineage: Lineage
}
