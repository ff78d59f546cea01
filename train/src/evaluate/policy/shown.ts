/**
 * What was shown, how probable that was, and whether it was clicked: from a table (CSV, TSV, Parquet, gzip too) or from the
 * exports of devices (JSON), whose lists have propensities where they were explored.
 */
import { readFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import type { DeviceData } from '../../../../worker/protocol.js'
import { openSource, readCells } from '../../data/cells.js'
import { columnFor, missingColumn, type Renames } from '../../data/columns.js'
import { openDatabase } from '../../data/database.js'
import { findFiles } from '../../data/files.js'

/** One item at one position of one list. */
export interface Impression {
  item: string
  position: string
  click: number
  /** Probability that the item was shown there. */
  propensity: number
  /** Impressions of one list belong together. */
  list: string
}

const COLUMNS = ['item_id', 'position', 'click', 'propensity', 'request_id'] as const
const NEEDED: readonly string[] = COLUMNS.slice(0, 4)
/** Events that answer an impression. */
const CLICKS: ReadonlySet<string> = new Set(['select_item', 'view_item', 'add_to_cart', 'purchase'])

/** @throws naming the file, if it has no such columns or a row cannot be read */
export async function readShown(
  patterns: readonly string[],
  renames: Renames = new Map(),
): Promise<Impression[]> {
  await using database = await openDatabase()
  const files = await findFiles(database, patterns)
  const found: Impression[] = []
  for (const [number, file] of files.entries()) {
    if (file.format === 'jsonl') {
      found.push(...(await exported(file.path, file.gzip)))
      continue
    }
    const opened = await openSource(database, file)
    const mapping = new Map<string, string>()
    for (const name of COLUMNS) {
      const column = columnFor(name, opened.columns, renames)
      if (column !== undefined) mapping.set(name, column)
      else if (NEEDED.includes(name)) throw missingColumn(file.path, name, opened.columns, renames)
    }
    const table = `shown${number}`
    await readCells(database, [opened], { table, columns: COLUMNS, mapping: () => mapping })
    for (const row of await database.rows(`SELECT * FROM ${table} ORDER BY pos`)) {
      const propensity = Number(row.propensity)
      const click = Number(row.click)
      const line = `${file.path}:${BigInt(row.pos as bigint) % 2n ** 32n}`
      if (row.flaw !== null) throw new Error(`${line}: ${row.flaw}`)
      if (!row.item_id || !(propensity > 0 && propensity <= 1) || !(click >= 0)) {
        throw new Error(
          `${line}: needs an item_id, a propensity above 0 and up to 1, and a click of 0 or 1; ` +
            `got "${row.item_id}", "${row.propensity}" and "${row.click}"`,
        )
      }
      const list = row.request_id === null ? `${number} ${row.pos}` : String(row.request_id)
      found.push({ item: String(row.item_id), position: String(row.position), click, propensity, list })
    }
  }
  return found
}

async function exported(path: string, gzip: boolean): Promise<Impression[]> {
  const bytes = await readFile(path)
  const text = (gzip ? gunzipSync(bytes) : bytes).toString()
  let devices: Pick<DeviceData, 'lists' | 'events'>[]
  try {
    devices = [JSON.parse(text)].flat()
  } catch {
    devices = text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line, n) => {
        try {
          return JSON.parse(line)
        } catch {
          throw new Error(`${path}:${n + 1}: the line is not JSON`)
        }
      })
  }
  return devices.flatMap(({ lists, events }) => {
    if (!Array.isArray(lists) || !Array.isArray(events))
      throw new Error(`${path}: expected what nearside.export() returns, with "lists" and "events"`)
    return explored(lists, events)
  })
}

/** The impressions of explored lists. Positions that the draw has not decided are left out. */
export function explored(lists: DeviceData['lists'], events: DeviceData['events']): Impression[] {
  const clicked = new Set<string>()
  for (const { name, requestId, items } of events)
    if (CLICKS.has(name) && requestId) for (const { item_id } of items) clicked.add(`${requestId} ${item_id}`)
  return lists.flatMap(({ requestId, ids, propensities = [] }) =>
    // A position that was not drawn for tells nothing of other items.
    ids.flatMap((item, i) => {
      const propensity = propensities[i] ?? 0
      if (item === '' || !(propensity > 0 && propensity < 1)) return []
      const click = Number(clicked.has(`${requestId} ${item}`))
      return [{ item, position: String(i), click, propensity, list: requestId }]
    }),
  )
}
