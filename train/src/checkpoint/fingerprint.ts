/** What a training depends on: one that was begun with other things must not be gone on with. */
import { createHash } from 'node:crypto'
import { VERSION } from '../../../worker/version.js'
import type { Catalogue } from '../data/catalogue.js'
import type { Interactions } from '../data/interactions.js'

/** By what people call it: a digest of it, or itself. */
export type Fingerprint = Record<string, string>

/** @param options whatever else has a say */
export function fingerprintOf(
  data: Interactions,
  catalogue: Catalogue | null,
  options: Fingerprint,
): Fingerprint {
  const { attributes, ...columns } = catalogue ?? { attributes: new Map() }
  return {
    'the log': digestOf(data),
    'the catalogue': catalogue ? digestOf({ ...columns, ...Object.fromEntries(attributes) }) : 'none',
    ...options,
    // Either may add numbers up in another order.
    nearside: VERSION,
    'Node.js': process.version,
  }
}

/** What differs, in words; empty where nothing does. */
export function differences(before: Fingerprint, now: Fingerprint): string[] {
  return [...new Set([...Object.keys(now), ...Object.keys(before)])].filter(
    (name) => before[name] !== now[name],
  )
}

export function digestOf(columns: object): string {
  const hash = createHash('sha256')
  for (const [name, column] of Object.entries(columns).sort()) {
    const bytes = ArrayBuffer.isView(column)
      ? new Uint8Array(column.buffer, column.byteOffset, column.byteLength)
      : JSON.stringify(column)
    hash.update(`${name} ${bytes.length} `).update(bytes)
  }
  return hash.digest('hex')
}
