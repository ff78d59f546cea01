/** How lists are made, as the pack says: JSON in a section of its own. What it says is checked where it is used. */
import { PackError } from '../pack/errors.js'
import type { Pack } from '../pack/pack.js'
import type { RankingSettings } from '../protocol.js'

/** A list of ids is the longest that a rule may have. */
export const MOST_SETTINGS_BYTES = 256 * 1024

/** @throws PackError */
export function readSettings(pack: Pack): RankingSettings | undefined {
  if (!pack.has('ranking')) return undefined
  const bytes = pack.array('ranking', 'u8', -1)
  const refuse = (what: string): never => {
    throw new PackError('malformed', `section ranking: ${what}`)
  }
  if (bytes.length > MOST_SETTINGS_BYTES) refuse(`more than ${MOST_SETTINGS_BYTES} bytes`)
  try {
    return Object(JSON.parse(new TextDecoder().decode(bytes)))
  } catch {
    return refuse('not JSON')
  }
}
