/** The ids that belong to the rows of a tensor: one JSON string, or one object with an `id`, a line. */
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'

/** As much as ids in logs and catalogues may have. */
const MAX_BYTES = 512

/** @throws with file and line */
export async function readIds(path: string): Promise<string[]> {
  const ids: string[] = []
  const lines = new Map<string, number>()
  let blank = 0
  let line = 0
  for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    line++
    const fail = (what: string): never => {
      throw new Error(`${path}:${line}: ${what}, expected a JSON text or an object with an "id"`)
    }
    if (text.trim() === '') {
      blank ||= line
      continue
    }
    if (blank > 0) throw new Error(`${path}:${blank}: the line is empty, and would shift the rows behind it`)
    const id = idOf(text)
    if (id === undefined) fail(`${text.slice(0, 60)} names no item`)
    else if (id === '' || Buffer.byteLength(id) > MAX_BYTES) fail(`an id of ${Buffer.byteLength(id)} bytes`)
    else if (/\p{Surrogate}/u.test(id)) fail(`the id ${JSON.stringify(id)} is no valid Unicode`)
    else if (lines.has(id))
      throw new Error(`${path}:${line}: the id ${JSON.stringify(id)} is that of line ${lines.get(id)} too`)
    else {
      lines.set(id, line)
      ids.push(id)
    }
  }
  if (ids.length === 0) throw new Error(`${path} holds no id`)
  return ids
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
