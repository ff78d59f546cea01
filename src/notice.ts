/** What `debug` gets for each call of `track`, besides the events that everybody can listen to. */
import type { ConsentState, PageEvent } from '../worker/protocol.js'

export interface TrackNotice {
  type: 'track'
  /** What the page has passed. */
  name: unknown
  details: unknown
  /** What is sent to the engine; undefined if nothing is sent. */
  event: PageEvent | undefined
  consent: ConsentState
}
