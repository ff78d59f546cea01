/** What the page says of how the visitor came to it. Only texts are used, and of a long one the beginning. */
import type { Landing } from '../protocol.js'

const LONGEST = 1000

export function landingOf(said: unknown): Landing {
  const { path, referrer, query } = Object(said)
  const text = (value: unknown) => (typeof value === 'string' ? value.slice(0, LONGEST) : undefined)
  return { path: text(path), referrer: text(referrer), query: text(query) }
}
