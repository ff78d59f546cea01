/**
 * The shop's catalogue: what a pack can say about its items. Known columns have the names of `columns.ts`; all others
 * are kept as attributes under their own names. Every item of the catalogue is an item of the shop, also if the log
 * does not have it.
 */
import type { Opened } from './cells.js'
import { CATALOGUE_COLUMNS, columnFor, type Renames } from './columns.js'
import { type Database, identifier } from './database.js'
import { type BadRows, judgeFlaws } from './flaws.js'
import { secondsOf } from './time.js'

/** Row i of every column belongs to `Interactions.ids[i]`. Unknown values are undefined (NaN for numbers). */
export interface Catalogue {
  title?: (string | undefined)[]
  category?: (string | undefined)[]
  brand?: (string | undefined)[]
  image?: (string | undefined)[]
  url?: (string | undefined)[]
  price?: Float64Array
  available?: (boolean | undefined)[]
  /** When the shop added the item, unix seconds. */
  added?: Float64Array
  /** Other columns, by their name in the file. */
  attributes: Map<string, (string | undefined)[]>
}

const TEXTS = ['title', 'category', 'brand', 'image', 'url'] as const
const YES = ['true', '1', 'yes', 'y', 't', 'in stock', 'in_stock', 'instock', 'available']
const NO = ['false', '0', 'no', 'n', 'f', 'out of stock', 'out_of_stock', 'outofstock', 'unavailable']

/** The columns that the files have: first the known ones, then the attributes. */
export function catalogueColumns(opened: readonly Opened[], renames: Renames): string[] {
  const ours = CATALOGUE_COLUMNS.filter((c) => opened.some((o) => columnFor(c, o.columns, renames)))
  const attributes = new Set(opened.flatMap((o) => attributesOf(o, renames)))
  return [...ours, ...attributes]
}

export function catalogueMapping(
  opened: Opened,
  columns: readonly string[],
  renames: Renames,
): Map<string, string> {
  const attributes = attributesOf(opened, renames)
  const mapping = new Map<string, string>()
  for (const [place, column] of columns.entries()) {
    const theirs = isOurs(column)
      ? columnFor(column, opened.columns, renames)
      : attributes.find((a) => a === column)
    if (theirs !== undefined) mapping.set(cellOf(column, place), theirs)
  }
  return mapping
}

/**
 * A column's name in our tables. Attributes get a name made from their position, because their own name can be the
 * name of a column that our queries add, or differ from another one only in case (`Colour`, `colour`), which SQL
 * treats as equal.
 */
export function cellOf(column: string, place: number): string {
  return isOurs(column) ? column : `attribute ${place}`
}

function attributesOf({ columns }: Opened, renames: Renames): string[] {
  const taken = CATALOGUE_COLUMNS.map((c) => columnFor(c, columns, renames))
  // A column with one of our names, for which --columns named another column, is not an attribute.
  return columns.filter((c) => c !== '' && !taken.includes(c) && !isOurs(c))
}

function isOurs(column: string): boolean {
  return (CATALOGUE_COLUMNS as readonly string[]).includes(column)
}

/**
 * Checks the rows of the table `offers` (text) and writes the good ones, one row for each item, to the table
 * `catalogue`.
 */
export async function judgeCatalogue(
  database: Database,
  columns: readonly string[],
  files: readonly Opened[],
): Promise<{ rows: number; items: number; bad: BadRows }> {
  const has = (column: string) => columns.includes(column)
  const empty = (column: string) => `coalesce(trim(${column}), '') = ''`
  const list = (words: string[]) => words.map((word) => `'${word}'`).join(', ')
  const checks: string[] = []
  if (has('price')) {
    checks.push(`WHEN NOT ${empty('price')} AND NOT coalesce(try_cast(price AS DOUBLE) BETWEEN 0 AND 1e12, false)
      THEN 'price {} is not a number'`)
  }
  if (has('available')) {
    checks.push(`WHEN NOT ${empty('available')} AND lower(trim(available)) NOT IN (${list([...YES, ...NO])})
      THEN 'available {} is neither true nor false'`)
  }
  if (has('added')) {
    checks.push(`WHEN NOT ${empty('added')} AND ${secondsOf('added')} IS NULL
      THEN 'added {} is not a unix time or ISO date'`)
  }
  for (const link of ['url', 'image'].filter(has)) {
    checks.push(`WHEN regexp_matches(${link}, '^\\s*[A-Za-z][A-Za-z0-9+.-]*:') AND NOT regexp_matches(${link}, '^https?:', 'i')
      THEN '${link} {} is neither http(s) nor relative'`)
  }
  const detail = ['price', 'available', 'added', 'url', 'image'].filter(has)
  await database.run(
    `CREATE TABLE judged AS SELECT *,
       CASE WHEN flaw IS NOT NULL THEN flaw
         WHEN ${empty('item_id')} THEN 'item_id is empty'
         WHEN strlen(item_id) > 512 THEN 'item_id {} is longer than 512 bytes'
         WHEN row_number() OVER (PARTITION BY item_id ORDER BY pos) > 1 THEN 'item_id {} is listed twice'
         ${checks.join('\n')} END AS reason
     FROM offers`,
  )
  await database.run(
    `CREATE VIEW flawed AS SELECT pos, reason, CASE WHEN flaw IS NOT NULL THEN detail
       ${detail.map((c) => `WHEN starts_with(reason, '${c} ') THEN ${c}`).join(' ')}
       ELSE item_id END AS detail
     FROM judged`,
  )
  const [count] = await database.rows('SELECT count(*)::INTEGER AS n FROM judged')
  const rows = Number(count!.n)
  const bad = await judgeFlaws(database, 'flawed', rows, files)
  await database.run('CREATE TABLE catalogue AS SELECT * FROM judged WHERE reason IS NULL')
  return { rows, items: rows - bad.rows, bad }
}

/** The columns of the table `catalogue`, in the row order of the table `items`. */
export async function readColumns(
  database: Database,
  columns: readonly string[],
  size: number,
): Promise<Catalogue> {
  const values = (expression: string) => alignedColumn(database, expression, size)
  const texts = (column: string) =>
    values(`nullif(trim(${identifier(column)}), '')`) as Promise<(string | undefined)[]>
  const numbers = async (expression: string) =>
    Float64Array.from(await values(expression), (value) => (value as number | undefined) ?? Number.NaN)
  const catalogue: Catalogue = { attributes: new Map() }
  for (const column of TEXTS.filter((c) => columns.includes(c))) catalogue[column] = await texts(column)
  if (columns.includes('price')) catalogue.price = await numbers('try_cast(price AS DOUBLE)')
  if (columns.includes('added')) catalogue.added = await numbers(secondsOf('added'))
  if (columns.includes('available')) {
    catalogue.available = (await values(
      `CASE WHEN coalesce(trim(available), '') <> ''
       THEN lower(trim(available)) IN (${YES.map((word) => `'${word}'`).join(', ')}) END`,
    )) as (boolean | undefined)[]
  }
  for (const [place, column] of columns.entries()) {
    if (!isOurs(column)) catalogue.attributes.set(column, await texts(cellOf(column, place)))
  }
  return catalogue
}

async function alignedColumn(database: Database, expression: string, size: number): Promise<unknown[]> {
  const out: unknown[] = new Array(size).fill(undefined)
  const result = await database.connection.stream(
    `SELECT row, ${expression} FROM catalogue JOIN items ON item = item_id ORDER BY row`,
  )
  for (;;) {
    const chunk = await result.fetchChunk()
    if (!chunk || chunk.rowCount === 0) return out
    const rows = chunk.getColumnValues(0) as number[]
    const values = chunk.getColumnValues(1)
    for (let i = 0; i < rows.length; i++) out[rows[i]!] = values[i] ?? undefined
  }
}
