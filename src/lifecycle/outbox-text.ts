/**
 * Events as text, for the outbox. Each event is one line: first the event itself, then its items, each in the form of a
 * URL's query. This is not JSON, because a shop's page may have patched `JSON`, or an `Array.prototype.toJSON` that turns
 * arrays into strings.
 */
import type { PageEvent } from '../../worker/protocol.js'

type Part = Record<string, string | number>

export function toText(events: readonly PageEvent[]): string {
  return events
    .map(({ items, ...event }) => [event, ...items].map((part) => query(part as unknown as Part)).join(' '))
    .join('\n')
}

/** Returns undefined for text that is not ours. Numbers stay texts: the worker checks all events, and reads them. */
export function fromText(text: string | null): PageEvent[] | undefined {
  const events = (text ?? '').split('\n').map((line) => {
    const [event, ...items] = line.split(' ').map(partOf)
    return { ...event, items }
  })
  return events.every((event) => 'id' in event) ? (events as unknown as PageEvent[]) : undefined
}

function query(part: Part): string {
  return `${new URLSearchParams(part as Record<string, string>)}`
}

function partOf(text: string): Part {
  return Object.fromEntries(new URLSearchParams(text))
}
