/** What `debug` is told of each call of `track`, beside the events that everybody can listen to. */
import type { ConsentState, WireEvent } from '../worker/protocol.js'

export interface TrackNotice {
  type: 'track'
  /** As the page has passed them. */
  name: unknown
  details: unknown
  /** What is sent to the engine; undefined when nothing is. */
  event: WireEvent | undefined
  consent: ConsentState
}
