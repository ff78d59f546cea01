/** Bad rows: how many of each kind, the first few by file and line, and the error if there are too many. */

import { type Opened, placeOf } from './cells.js'
import type { Database } from './database.js'

export interface BadRows {
  rows: number
  /** Count by reason. */
  reasons: Record<string, number>
  /** The first few, as `file:line: reason`. */
  named: string[]
}

const NAMED = 5
/** If a larger share of rows is bad, the log is probably not what the user thinks it is. */
const MOST = 0.05

/** What to do about a reason, where advice is possible. */
const MENDS: [pattern: RegExp, mend: string][] = [
  [
    /^timestamp/,
    'Write unix seconds, unix milliseconds or ISO 8601, or name another column: --columns time=…',
  ],
  [/^session_id/, 'Leave such rows out of the export, or name another column: --columns session=…'],
  [/^user_id/, 'Leave such rows out of the export, or name another column: --columns user=…'],
  [/^item_id/, 'Leave events without an item out of the export, or name another column: --columns item=…'],
  [/^event_type/, 'Rename the events in the export, or leave out those that are not about an item.'],
  [/fields of the header/, 'Quote fields that contain the delimiter, as in RFC 4180.'],
  [/quote/, 'Double the quotes inside quoted fields, as in RFC 4180.'],
  [/UTF-8/, 'Convert the file to UTF-8, e.g. iconv -f WINDOWS-1252 -t UTF-8.'],
  [/JSON/, 'Write one JSON object per line.'],
]

/**
 * Bad rows of a table with the columns pos, reason and detail. In a reason, `{}` stands for the row's detail.
 * @throws when more than 5 % of `total` rows are bad
 */
export async function judgeFlaws(
  database: Database,
  table: string,
  total: number,
  files: readonly Opened[],
): Promise<BadRows> {
  const counts = await database.rows(
    `SELECT reason, count(*)::INTEGER AS n FROM ${table} WHERE reason IS NOT NULL GROUP BY reason ORDER BY n DESC, reason`,
  )
  const bad: BadRows = { rows: 0, reasons: {}, named: [] }
  for (const { reason, n } of counts) {
    bad.rows += Number(n)
    bad.reasons[String(reason).replace(/\{\} | but \{\}/, '')] = Number(n)
  }
  if (bad.rows === 0) return bad
  const first = await database.rows(
    `SELECT pos, reason, detail FROM ${table} WHERE reason IS NOT NULL ORDER BY pos LIMIT ${NAMED}`,
  )
  bad.named = first.map((row) => name(row as unknown as Named, files))
  if (bad.rows > MOST * total) throw await tooMany(database, table, total, bad, files)
  return bad
}

interface Named {
  pos: bigint
  reason: string
  detail: string | null
}

function name({ pos, reason, detail }: Named, files: readonly Opened[]): string {
  return `${placeOf(pos, files)}: ${reason.replace('{}', () => shown(reason, detail))}`
}

/** Cell values in quotes and shortened to 60 characters; counts unchanged. */
function shown(reason: string, detail: string | null): string {
  if (reason.startsWith('the line')) return String(detail)
  const text = detail ?? ''
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)
}

async function tooMany(
  database: Database,
  table: string,
  total: number,
  bad: BadRows,
  files: readonly Opened[],
): Promise<Error> {
  const [worst] = await database.rows(
    `SELECT pos >> 32 AS file, reason, count(*)::INTEGER AS n, arg_min(detail, pos) AS detail, min(pos) AS pos
     FROM ${table} WHERE reason IS NOT NULL GROUP BY ALL ORDER BY n DESC, pos LIMIT 1`,
  )
  const { reason, n } = worst as unknown as { reason: string; n: number }
  const path = files[Number(worst!.file)]!.file.path
  const mend = MENDS.find(([pattern]) => pattern.test(reason))?.[1]
  const share = ((100 * bad.rows) / total).toFixed(1)
  return new Error(
    `${bad.rows} of ${total} rows (${share} %) are bad; at most ${100 * MOST} % are skipped.\n` +
      `The most frequent reason, ${n} times in ${path}: ${name(worst as unknown as Named, files)}${mend ? `\n${mend}` : ''}`,
  )
}
