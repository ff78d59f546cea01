/** The two optional files for lists in HTML: `lists.js` ranks them, `capture.js` tracks what happens in them. */
import type { ListEvent } from '../api.js'
import type { Client } from '../client.js'

export interface ListPart {
  /**
   * Takes up the lists that are new in the document since the last call.
   * @param tell is called with the outcome for each list
   */
  takeUp(client: Client, tell: (event: ListEvent) => void): void
}
