/** Bad rows: how many of which kind, the first few by name, and when there are too many to go on. */

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
/** Share of bad rows above which a log is not what it seems. */
const MOST = 0.05

/** What to do about a reason, where more can be said than the reason itself. */
const MENDS: [pattern: RegExp, mend: string][] = [
  [
    /^timestamp/,
    'Write unix seconds, unix milliseconds or ISO 8601, or name another column: --columns time=…',
  ],
  [/^session_id/, 'Leave such rows out of the export, or name another column: --columns session=…'],
  [/^user_id/, 'Leave such rows out of the export, or name another column: --columns user=…'],
  [/^item_id/, 'Leave events without an item out of the export, or name another column: --columns item=…'],
  [/^event_type/, 'Rename the events in the export, or leave out those that concern no item.'],
  [/fields of the header/, 'Quote fields that hold the delimiter, as RFC 4180 has it.'],
  [/quote/, 'Double the quotes inside quoted fields, as RFC 4180 has it.'],
  [/UTF-8/, 'Convert the file to UTF-8, e.g. iconv -f WINDOWS-1252 -t UTF-8.'],
  [/JSON/, 'Write one JSON object a line.'],
]

/**
 * Bad rows of a table with the columns pos, reason and detail. `{}` in a reason stands for the row's detail.
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

/** Values of cells in quotes and cut to a line; counts as they are. */
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
    `${bad.rows} of ${total} rows (${share} %) are bad, more than the ${100 * MOST} % that are skipped.\n` +
      `Most often, ${n} times in ${path}: ${name(worst as unknown as Named, files)}${mend ? `\n${mend}` : ''}`,
  )
}
