/**
 * A shop's log in the form that training and evaluation read: sessions of item rows in flat arrays, made by
 * `load.ts`. People appear only as numbers.
 */
export interface Interactions {
  /**
   * Item ids in the byte order of their UTF-8, which is not JavaScript's string order. This is the row order of the
   * pack.
   */
  ids: string[]
  /** First event of each session in `rows`: Uint32Array of sessions + 1. Sessions are ordered by their last event. */
  offsets: Uint32Array
  /** Item of each event; inside a session in time order. */
  rows: Uint32Array
  /** Signal strength of each event relative to a view (1 if the log has no event types). */
  weights: Float32Array
  /** 1 for each event that is a purchase. Absent if none is. */
  bought?: Uint8Array
  /** Seconds; Float64Array, as long as rows. Only positions if `time` is 'order'. */
  times: Float64Array
  /**
   * Position in the list in which each event's item was clicked, from 0; -1 if in none. Absent if the log shows no lists.
   */
  places?: Int32Array
  /** How much each event counts as something to predict. Absent if all count alike. */
  trust?: Float32Array
  /** Person of each session (negative if unknown), or null if the log has no user_id. */
  users: Int32Array | null
  /** Key of each session in the log, only if requested. It shows whether two logs contain the same session. */
  keys?: string[]
  time: 'real' | 'day' | 'order'
}

/** Sessions [from, to) of a log, without copying events. */
export function sliceSessions(log: Interactions, from: number, to: number): Interactions {
  const [start, end] = [log.offsets[from]!, log.offsets[to]!]
  return {
    ...log,
    offsets: log.offsets.slice(from, to + 1).map((offset) => offset - start),
    rows: log.rows.subarray(start, end),
    weights: log.weights.subarray(start, end),
    times: log.times.subarray(start, end),
    ...(log.bought && { bought: log.bought.subarray(start, end) }),
    users: log.users?.subarray(from, to) ?? null,
    ...(log.keys && { keys: log.keys.slice(from, to) }),
  }
}
