/** Reads the ids that belong to the rows of a tensor. Each line is a JSON string, or an object with an `id`. */
import { createReadStream } from 'node:fs'
import { readRecords } from '../data/records.js'

/** The longest id, the same as in logs and catalogues. */
const MAX_BYTES = 512

/** @throws with file and line, when a line is not a valid id or an id comes twice */
export async function readIds(path: string): Promise<string[]> {
  const ids: string[] = []
  const lineOf = new Map<string, number>()
  for await (const { lines, texts, flaws } of readRecords(createReadStream(path))) {
    for (const [i, line] of lines.entries()) {
      // `readRecords` skips blank lines, so a line number that is too high means that one was skipped.
      if (line > ids.length + 1)
        throw new Error(`${path}:${ids.length + 1}: the line is empty, which would shift the rows after it`)
      if (flaws[i]) throw new Error(`${path}:${line}: ${flaws[i]}`)
      const id = checked(texts[i]!, `${path}:${line}`)
      if (lineOf.has(id))
        throw new Error(`${path}:${line}: the id ${JSON.stringify(id)} is already on line ${lineOf.get(id)}`)
      lineOf.set(id, line)
      ids.push(id)
    }
  }
  if (ids.length === 0) throw new Error(`${path} holds no id`)
  return ids
}

function checked(text: string, where: string): string {
  const fail = (what: string): never => {
    throw new Error(`${where}: ${what}, expected a JSON string or an object with an "id"`)
  }
  const id = idOf(text)
  if (id === undefined) return fail(`${text.slice(0, 60)} names no item`)
  if (id === '' || Buffer.byteLength(id) > MAX_BYTES) fail(`an id of ${Buffer.byteLength(id)} bytes`)
  if (/\p{Surrogate}/u.test(id)) fail(`the id ${JSON.stringify(id)} is not valid Unicode`)
  return id
}

function idOf(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text)
    const id = typeof value === 'object' && value !== null ? (value as { id?: unknown }).id : value
    if (Number.isSafeInteger(id)) return String(id)
    return typeof id === 'string' ? id : undefined
  } catch {
    return undefined
  }
}
