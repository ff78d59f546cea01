/**
 * Events as text, for the outbox: one a line, as the parts that it is made of, the event itself and then its items, each in
 * the form of a URL's query. Not JSON: on a shop's page `JSON` may be a patched one, or `Array.prototype.toJSON` may turn
 * arrays into strings.
 */
import type { WireEvent } from '../../worker/protocol.js'

type Part = Record<string, string | number>

const NUMBERS = ['time', 'price', 'quantity', 'position']

export function toText(events: readonly WireEvent[]): string {
  return events
    .map(({ items, ...event }) => [event, ...items].map((part) => query(part as unknown as Part)).join(' '))
    .join('\n')
}

/** Undefined for text that is not ours. The worker judges the events themselves. */
export function fromText(text: string | null): WireEvent[] | undefined {
  const events = (text ?? '').split('\n').map((line) => {
    const [event, ...items] = line.split(' ').map(partOf)
    return { ...event, items }
  })
  return events.every((event) => 'id' in event) ? (events as unknown as WireEvent[]) : undefined
}

function query(part: Part): string {
  return `${new URLSearchParams(part as Record<string, string>)}`
}

function partOf(text: string): Part {
  const part: Part = Object.fromEntries(new URLSearchParams(text))
  for (const name of NUMBERS) if (name in part) part[name] = Number(part[name])
  return part
}
