/**
 * A shop's log in the form that training and evaluation read: sessions of item rows in flat arrays. `load.ts` makes
 * it; nothing in it tells who somebody was beyond a number.
 */
export interface Interactions {
  /** Item ids in the byte order of their UTF-8 (not JS string order): the row order of the pack. */
  ids: string[]
  /** Sessions in the order of their last event: start of each in `rows`, Uint32Array of sessions + 1. */
  offsets: Uint32Array
  /** Item of each event, in time order inside a session. */
  rows: Uint32Array
  /** Signal strength of each event relative to a view (1 where there are no event types). */
  weights: Float32Array
  /** Seconds; Float64Array like rows. Positions only when time is 'order'. */
  times: Float64Array
  /** Person of each session (negative for nobody known), or null where the log has no user_id. */
  users: Int32Array | null
  /** Key of each session in the log, only where it was asked for: it tells whether two logs hold the same session. */
  keys?: string[]
  time: 'real' | 'day' | 'order'
}
