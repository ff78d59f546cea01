/** Everything that a training depends on. A training can only be continued if all of it is the same. */
import { createHash } from 'node:crypto'
import { VERSION } from '../../../worker/version.js'
import type { Catalogue } from '../data/catalogue.js'
import type { Interactions } from '../data/interactions.js'

/** The name of each thing, as people call it, and its digest or value. */
export type Fingerprint = Record<string, string>

/** @param options everything else that influences the training */
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
    // Another version of either may add numbers in another order.
    nearside: VERSION,
    'Node.js': process.version,
  }
}

/** The names of the things that differ; empty if nothing does. */
export function differences(before: Fingerprint, now: Fingerprint): string[] {
  return [...new Set([...Object.keys(now), ...Object.keys(before)])].filter(
    (name) => before[name] !== now[name],
  )
}

/** SHA-256, in hexadecimal, of an object's arrays and values. The order of its keys does not matter. */
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
