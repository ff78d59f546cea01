/** What the page's address and the one before it say of the visit. Only the beginning of long texts is used. */
import type { Arrival, Landing } from '../protocol.js'

const LONGEST = 1000

/** What shops call the search terms in an address. */
const TERMS = ['q', 'query', 'search', 's', 'term', 'keyword', 'keywords', 'text']

/** @param said by the page, which may say anything */
export function landingOf(said: unknown): Landing {
  const { url, referrer } = Object(said) as Arrival
  const text = (value: unknown) => (typeof value === 'string' && value ? value.slice(0, LONGEST) : undefined)
  const address = addressOf(text(url))
  const term = TERMS.find((name) => address?.searchParams.get(name))
  return {
    path: text(address?.pathname),
    referrer: text(referrer),
    query: text(term && address?.searchParams.get(term)),
  }
}

function addressOf(text = ''): URL | undefined {
  try {
    return new URL(text)
  } catch {
    return undefined
  }
}
