/**
 * Reads files of any format into one table of text: the wanted columns with their text unchanged, the place that each
 * row came from and, if a row cannot be split into columns, the flaw. What the text means is checked later in SQL, in
 * the same way for all formats.
 *
 *     CREATE TABLE cells (pos BIGINT, flaw VARCHAR, detail VARCHAR, session_id VARCHAR, …)
 *
 * `pos` is the file's number times 2^32 plus the line number (the row number in Parquet). Messages use it to name a
 * row, and it orders rows that have the same timestamp.
 */
import { DuckDBDataChunk, INTEGER, VARCHAR } from '@duckdb/node-api'
import { type Database, identifier, literal } from './database.js'
import { delimiterOf, fieldsOf, headerColumns } from './delimited.js'
import { openText, type SourceFile } from './files.js'
import { type Records, readRecords } from './records.js'

/** A file whose columns are known. */
export interface Opened {
  file: SourceFile
  /** The file's columns, by the file's own names. */
  columns: string[]
  delimiter?: string
}

/** From our column name to the file's. Columns that the file does not have are absent. */
type Mapping = ReadonlyMap<string, string>

export interface ReadOptions {
  table: string
  /** Our column names, in the order of the table. */
  columns: readonly string[]
  mapping(opened: Opened): Mapping
  signal?: AbortSignal | undefined
  /** Bytes of the files that have been read, and bytes in all. */
  onProgress?: ((done: number, total: number) => void) | undefined
}

/** Rows of text that are collected before SQL splits them into columns. */
const BATCH = 262_144
/** DuckDB's vector size. */
const CHUNK = 2048
/** JSON has no header: the columns are the keys of this many first lines. */
const JSON_SAMPLE = 1000
const PLACES = 2 ** 32

/** Finds out which columns a file has. @throws when it has no row or cannot be read */
export async function openSource(database: Database, file: SourceFile): Promise<Opened> {
  if (file.format === 'parquet') {
    const rows = await database.rows(`DESCRIBE SELECT * FROM ${parquet(file)}`).catch((error) => {
      throw new Error(`${file.path}: ${message(error)}`)
    })
    return { file, columns: rows.map((row) => String(row.column_name)).filter((c) => c !== ROW_NUMBER) }
  }
  const texts: string[] = []
  const wanted = file.format === 'jsonl' ? JSON_SAMPLE : 1
  for await (const records of text(file)) {
    texts.push(...records.texts.slice(0, wanted).filter((t) => t !== null))
    if (texts.length >= wanted) break
  }
  const header = texts[0]
  if (header === undefined) throw new Error(`${file.path} has no rows`)
  if (file.format === 'jsonl') return { file, columns: keysOf(texts) }
  const delimiter = delimiterOf(header)
  return { file, columns: headerColumns(header, delimiter), delimiter }
}

/** Reads the files, in the order given, into a new table. */
export async function readCells(database: Database, files: Opened[], options: ReadOptions): Promise<void> {
  const { table, columns, mapping, onProgress } = options
  await database.run(
    `CREATE TABLE ${table} (pos BIGINT, flaw VARCHAR, detail VARCHAR,
     ${columns.map((c) => `${identifier(c)} VARCHAR`).join(', ')})`,
  )
  const total = files.reduce((sum, { file }) => sum + file.bytes, 0)
  let before = 0
  for (const [number, opened] of files.entries()) {
    const base = number * PLACES
    const mapped = mapping(opened)
    const take = (expression: (column: string, index: number) => string) =>
      columns.map((c) => {
        const theirs = mapped.get(c)
        return theirs === undefined ? 'NULL' : expression(theirs, opened.columns.indexOf(theirs))
      })
    if (opened.file.format === 'parquet') {
      const values = take((column) => `CAST(${identifier(column)} AS VARCHAR)`)
      await database
        .run(
          `INSERT INTO ${table} SELECT ${base} + ${ROW_NUMBER} + 1, NULL, NULL, ${values} FROM ${parquet(opened.file)}`,
        )
        .catch((error) => {
          options.signal?.throwIfAborted()
          throw new Error(`${opened.file.path}: ${message(error)}`)
        })
    } else {
      const insert = (from: string) =>
        opened.delimiter === undefined
          ? fromJson(table, base, from, [...mapped.values()], take)
          : fromDelimited(table, base, from, opened, take)
      await readText(database, opened, insert, options.signal, (done) => onProgress?.(before + done, total))
    }
    before += opened.file.bytes
    onProgress?.(before, total)
  }
}

/** File and line of a position, in the form that messages use. */
export function placeOf(pos: bigint, files: readonly Opened[]): string {
  const { file } = files[Number(pos / BigInt(PLACES))]!
  const place = Number(pos % BigInt(PLACES))
  return file.format === 'parquet' ? `${file.path}:row ${place}` : `${file.path}:${place}`
}

type Take = (expression: (column: string, index: number) => string) => string[]

function fromDelimited(table: string, base: number, from: string, opened: Opened, take: Take): string {
  const values = take((_, index) => `f[${index + 1}]`)
  return `INSERT INTO ${table}
    SELECT ${base} + line,
      CASE WHEN flaw IS NOT NULL THEN flaw
        WHEN f IS NULL THEN 'the line has a misplaced quote'
        WHEN len(f) <> ${opened.columns.length}
        THEN 'the line does not have the ${opened.columns.length} fields of the header but {}' END,
      len(f), ${values}
    FROM (SELECT line, flaw, ${fieldsOf('text', opened.delimiter!)} AS f FROM ${from})`
}

function fromJson(table: string, base: number, from: string, keys: string[], take: Take): string {
  // One list of pointers, so that each line is parsed only once.
  const pointers = keys.map((key) => literal(`/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`))
  const values = take((column) => `f[${keys.indexOf(column) + 1}]`)
  return `INSERT INTO ${table}
    SELECT ${base} + line,
      CASE WHEN flaw IS NOT NULL THEN flaw
        WHEN NOT valid THEN 'the line is not valid JSON'
        WHEN json_type(text) <> 'OBJECT' THEN 'the line is not a JSON object' END,
      NULL, ${values}
    FROM (SELECT line, flaw, text, valid, CASE WHEN valid THEN json_extract_string(text, [${pointers}]) END AS f
      FROM (SELECT *, coalesce(json_valid(text), false) AS valid FROM ${from}))`
}

/** Streams the records of a text file, without its header, through a small table that `insert` splits into columns. */
async function readText(
  database: Database,
  opened: Opened,
  insert: (from: string) => string,
  signal: AbortSignal | undefined,
  onProgress: (done: number) => void,
): Promise<void> {
  let header = opened.delimiter !== undefined
  let held = 0
  const pending: Records = { lines: [], texts: [], flaws: [] }
  const flush = async () => {
    if (held === 0) return
    await database.run(`CREATE OR REPLACE TABLE raw (line INTEGER, text VARCHAR, flaw VARCHAR)`)
    await append(database, pending)
    await database.run(insert('raw'))
    await database.run('DROP TABLE raw')
    pending.lines = []
    pending.texts = []
    pending.flaws = []
    held = 0
  }
  const { stream, read } = openText(opened.file)
  try {
    for await (const records of readRecords(stream, quoting(opened))) {
      signal?.throwIfAborted()
      let from = 0
      if (header && records.lines.length > 0) {
        header = false
        from = 1
      }
      for (let i = from; i < records.lines.length; i++) {
        pending.lines.push(records.lines[i]!)
        pending.texts.push(records.texts[i]!)
        pending.flaws.push(records.flaws[i]!)
      }
      held = pending.lines.length
      if (held >= BATCH) await flush()
      onProgress(read())
    }
  } catch (error) {
    signal?.throwIfAborted()
    throw new Error(`${opened.file.path}: ${message(error)}`)
  }
  await flush()
}

async function append(database: Database, { lines, texts, flaws }: Records): Promise<void> {
  const appender = await database.connection.createAppender('raw')
  const chunk = DuckDBDataChunk.create([INTEGER, VARCHAR, VARCHAR], CHUNK)
  for (let start = 0; start < lines.length; start += CHUNK) {
    const end = Math.min(lines.length, start + CHUNK)
    chunk.reset()
    chunk.rowCount = end - start
    chunk.setColumnValues(0, lines.slice(start, end))
    chunk.setColumnValues(1, texts.slice(start, end))
    chunk.setColumnValues(2, flaws.slice(start, end))
    appender.appendDataChunk(chunk)
    // Give Ctrl-C a chance to be noticed.
    if (start % (CHUNK * 16) === 0) await new Promise(setImmediate)
  }
  appender.closeSync()
}

async function* text(file: SourceFile): AsyncGenerator<Records> {
  const { stream } = openText(file)
  try {
    yield* readRecords(stream, file.format === 'delimited' ? { quotedBy: ',' } : {})
  } catch (error) {
    throw new Error(`${file.path}: ${message(error)}`)
  } finally {
    stream.destroy()
  }
}

function quoting({ delimiter }: Opened): { quotedBy?: string } {
  return delimiter === undefined ? {} : { quotedBy: delimiter }
}

function keysOf(texts: string[]): string[] {
  const keys = new Set<string>()
  for (const line of texts) {
    try {
      const value: unknown = JSON.parse(line)
      if (typeof value === 'object' && value !== null) for (const key of Object.keys(value)) keys.add(key)
    } catch {
      // A bad row. It is reported when the rows are read.
    }
  }
  return [...keys]
}

const ROW_NUMBER = 'file_row_number'

function parquet(file: SourceFile): string {
  // DuckDB would read `log[1].parquet` as a pattern that matches log1.parquet.
  const path = file.path.replace(/[*?[]/g, '[$&]')
  return `read_parquet(${literal(path)}, ${ROW_NUMBER} = true, binary_as_string = true, hive_partitioning = false)`
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
