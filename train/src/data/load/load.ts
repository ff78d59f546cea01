/**
 * Reads a shop's logs and catalogue from files into flat arrays:
 *
 *     files -> records -> cells (text in DuckDB) -> checked in SQL -> cleaned -> items and sessions as numbers -> typed arrays
 *
 * A million events take seconds. Data that does not fit into DuckDB's share of the memory goes to its temp folder.
 */
import type { Strengths } from '../../../../worker/feedback/signals.js'
import {
  type Catalogue,
  catalogueColumns,
  catalogueMapping,
  cellOf,
  judgeCatalogue,
  readColumns,
} from '../catalogue.js'
import { type Opened, openSource, readCells } from '../cells.js'
import { Cleaner, type Cleaning } from '../cleaning/cleaning.js'
import { columnFor, EVENT_COLUMNS, missingColumn, type Renames } from '../columns.js'
import { type Database, openDatabase } from '../database.js'
import { judgeEvents } from '../events.js'
import { findFiles } from '../files.js'
import type { BadRows } from '../flaws.js'
import type { Interactions } from '../interactions.js'
import { findLists, type LoggedLists, readLists } from '../lists.js'
import { cutSessions } from '../sessions.js'
import { classifyTime } from '../time.js'

/** Rows in one INSERT statement. */
const UNSEEN = 10_000

export interface LogOptions {
  /** Paths and globs. */
  events: readonly string[]
  catalogue?: string | undefined
  renames?: Renames | undefined
  /** Remove rows that do not show what customers did. Use it for training, never for a log that judges a pack. */
  clean?: boolean
  /** Numbers of people by `user_id`, extended while reading: the same person gets the same number in several logs. */
  people?: Map<string, number> | undefined
  /** Keep the key of each session. */
  keys?: boolean | undefined
  /** Read the lists that the log shows, where it shows any. */
  lists?: boolean | undefined
  /** Strengths of signals; by default the engine's. */
  strengths?: Strengths | undefined
  signal?: AbortSignal | undefined
  /** Bytes read, and bytes in all. */
  onProgress?: ((done: number, total: number) => void) | undefined
}

export interface LogReport {
  files: string[]
  /** Records in the files, good or bad. */
  rows: number
  bad: BadRows
  /** Good rows that are not a step of a session (impressions, searches, returns), counted by event. */
  leftOut: Record<string, number>
  events: number
  sessions: number
  items: number
  time: Interactions['time']
  /** `user_id`: sessions were cut at 30 idle minutes. */
  sessionsFrom: 'session_id' | 'user_id'
  /** First and last event, ISO dates; null if the log has only an order. */
  from: string | null
  to: string | null
  catalogue: { rows: number; items: number; bad: BadRows } | null
  /** Null if cleaning was not requested. */
  cleaning: Cleaning | null
}

export interface Log {
  data: Interactions
  catalogue: Catalogue | null
  /** Rows of items that are not in the catalogue; empty without a catalogue. */
  outOfCatalogue: Uint32Array
  report: LogReport
  /** Null if they were not asked for, or the log shows none. */
  lists: LoggedLists | null
}

/** @throws naming the file and what to do, if a file or a column is missing or more than 5 % of the rows are bad */
export async function loadLog(options: LogOptions): Promise<Log> {
  const renames = options.renames ?? new Map()
  await using database = await openDatabase(options.signal)
  const opened = await openAll(database, options.events)
  const key = sessionColumn(opened, renames)
  for (const wanted of ['item_id', 'timestamp']) requireColumn(opened, wanted, renames)
  await readCells(database, opened, {
    table: 'cells',
    columns: EVENT_COLUMNS,
    mapping: ({ columns }) => eventMapping(columns, renames),
    signal: options.signal,
    onProgress: options.onProgress,
  })
  const judged = await judgeEvents(database, key, opened)
  const time = await classifyTime(database, judged.orderOnly)
  if (key === 'user_id' && time !== 'real') {
    throw new Error(
      `${opened[0]!.file.path}: sessions cannot be cut from user_id, because the timestamps are ` +
        `${time === 'order' ? 'positions' : 'days'} and not times.\nAdd a session_id, or real timestamps.`,
    )
  }

  const offers = options.catalogue === undefined ? null : await openAll(database, [options.catalogue])
  const catalogued = offers && (await readOffers(database, offers, renames, options.signal))
  const cleaner = options.clean ? new Cleaner(database, opened, time) : null
  await cleaner?.cleanTables()
  if (catalogued) await cleaner?.compareCatalogue()
  const listed = options.lists === true && (await findLists(database))
  const numbered = await numberItems(database, catalogued !== null)
  const span = await spanOf(database, opened)
  if (cleaner && cleaner.report.outOfCatalogue === span.events) throw await strangers(database, offers![0]!)
  const sessions = await cutSessions(database, {
    idle: key === 'user_id',
    people: opened.every(({ columns }) => columnFor('user_id', columns, renames)),
    numbers: options.people,
    keys: options.keys || listed,
    places: listed,
    strengths: options.strengths,
    events: span.events,
    clean: cleaner ? (draft) => cleaner.cleanSessions(draft, numbered) : undefined,
    signal: options.signal,
  })
  const ids = cleaner ? await forgetUnseen(database, numbered, sessions.rows, catalogued !== null) : numbered
  const data: Interactions = { ids, ...sessions, time }
  const date = (seconds: number) => (time === 'order' ? null : new Date(seconds * 1000).toISOString())
  return {
    data,
    lists: listed ? await readLists(database, data) : null,
    catalogue: catalogued && (await readColumns(database, catalogued.columns, ids.length)),
    outOfCatalogue: catalogued ? await missingRows(database) : new Uint32Array(),
    report: {
      files: opened.map(({ file }) => file.path),
      rows: judged.rows,
      bad: judged.bad,
      leftOut: judged.leftOut,
      events: data.rows.length,
      sessions: data.offsets.length - 1,
      items: ids.length,
      time,
      sessionsFrom: key,
      from: date(span.first),
      to: date(span.last),
      catalogue: catalogued && { rows: catalogued.rows, items: catalogued.items, bad: catalogued.bad },
      cleaning: cleaner?.report ?? null,
    },
  }
}

/** Reads a catalogue alone, for use without a log. @throws as `loadLog` does */
export async function loadCatalogue(
  path: string,
  renames: Renames,
  signal?: AbortSignal,
): Promise<{ ids: string[]; catalogue: Catalogue; report: NonNullable<LogReport['catalogue']> }> {
  await using database = await openDatabase(signal)
  const { columns, ...report } = await readOffers(database, await openAll(database, [path]), renames, signal)
  await database.run('CREATE TABLE events (item VARCHAR)')
  const ids = await numberItems(database, true)
  return { ids, catalogue: await readColumns(database, columns, ids.length), report }
}

async function openAll(database: Database, patterns: readonly string[]): Promise<Opened[]> {
  const opened: Opened[] = []
  for (const file of await findFiles(database, patterns)) opened.push(await openSource(database, file))
  return opened
}

function requireColumn(opened: readonly Opened[], wanted: string, renames: Renames): void {
  for (const { file, columns } of opened) {
    if (!columnFor(wanted, columns, renames)) throw missingColumn(file.path, wanted, columns, renames)
  }
}

/** All files must use the same column to tell sessions apart. */
function sessionColumn(opened: readonly Opened[], renames: Renames): 'session_id' | 'user_id' {
  for (const key of ['session_id', 'user_id'] as const) {
    if (opened.every(({ columns }) => columnFor(key, columns, renames))) return key
  }
  const without = opened.find(({ columns }) => !columnFor('session_id', columns, renames))!
  throw missingColumn(without.file.path, 'session_id or user_id', without.columns, renames)
}

function eventMapping(columns: readonly string[], renames: Renames): Map<string, string> {
  const mapping = new Map<string, string>()
  for (const ours of EVENT_COLUMNS) {
    const theirs = columnFor(ours, columns, renames)
    if (theirs !== undefined) mapping.set(ours, theirs)
  }
  return mapping
}

async function readOffers(
  database: Database,
  offers: Opened[],
  renames: Renames,
  signal: AbortSignal | undefined,
): Promise<{ columns: string[]; rows: number; items: number; bad: BadRows }> {
  requireColumn(offers, 'item_id', renames)
  const columns = catalogueColumns(offers, renames)
  await readCells(database, offers, {
    table: 'offers',
    columns: columns.map(cellOf),
    mapping: (file) => catalogueMapping(file, columns, renames),
    signal,
  })
  return { columns, ...(await judgeCatalogue(database, columns, offers)) }
}

/** Numbers the items in the byte order of their ids. DuckDB sorts text in this order. */
async function numberItems(database: Database, catalogue: boolean): Promise<string[]> {
  await database.run(
    `CREATE TABLE items AS SELECT item, (row_number() OVER (ORDER BY item) - 1)::INTEGER AS row
     FROM (SELECT item FROM events ${catalogue ? 'UNION ALL SELECT item_id FROM catalogue' : ''}) GROUP BY item`,
  )
  const result = await database.connection.runAndReadAll('SELECT item FROM items ORDER BY row')
  return result.getColumns()[0] as string[]
}

/**
 * Removes items that occur only in events that were cleaned away. The remaining items get new rows.
 * @param rows of the events that stay; they are renumbered in place
 * @returns the remaining ids
 */
async function forgetUnseen(
  database: Database,
  ids: string[],
  rows: Uint32Array,
  catalogue: boolean,
): Promise<string[]> {
  const known = new Uint8Array(ids.length)
  if (catalogue) {
    known.fill(1)
    for (const row of await missingRows(database)) known[row] = 0
  }
  for (const row of rows) known[row] = 1
  if (!known.includes(0)) return ids
  const next = new Uint32Array(ids.length)
  let count = 0
  for (let row = 0; row < ids.length; row++) if (known[row]) next[row] = count++
  for (let e = 0; e < rows.length; e++) rows[e] = next[rows[e]!]!
  const left = ids.filter((_, row) => known[row])
  await database.run('CREATE TABLE unseen (row INTEGER)')
  const unseen = Array.from(ids.keys()).filter((row) => !known[row])
  for (let at = 0; at < unseen.length; at += UNSEEN) {
    await database.run(`INSERT INTO unseen VALUES (${unseen.slice(at, at + UNSEEN).join('), (')})`)
  }
  await database.run(
    `CREATE OR REPLACE TABLE items AS SELECT item, (row_number() OVER (ORDER BY item) - 1)::INTEGER AS row
     FROM items ANTI JOIN unseen USING (row)`,
  )
  return left
}

/** Rows of items that are in the log but not in the catalogue. */
async function missingRows(database: Database): Promise<Uint32Array> {
  const result = await database.connection.runAndReadAll(
    'SELECT row FROM items ANTI JOIN catalogue ON item = item_id ORDER BY row',
  )
  return Uint32Array.from((result.getColumns()[0] ?? []) as number[])
}

async function strangers(database: Database, catalogue: Opened): Promise<Error> {
  const some = async (table: string, column: string) =>
    (await database.rows(`SELECT ${column} AS id FROM ${table} ORDER BY ${column} LIMIT 3`)).map(
      (row) => row.id,
    )
  return new Error(
    `${catalogue.file.path}: none of the log's items is in it. The log has ${await some('(SELECT DISTINCT item FROM events)', 'item')}, ` +
      `the catalogue ${await some('catalogue', 'item_id')}.\nIf another column has the ids of the log, name it: --columns item=their_column`,
  )
}

async function spanOf(
  database: Database,
  opened: readonly Opened[],
): Promise<{ events: number; first: number; last: number }> {
  const [span] = await database.rows(
    'SELECT count(*)::DOUBLE AS events, min(t) AS first, max(t) AS last FROM events',
  )
  const { events } = span as { events: number }
  if (events === 0) throw new Error(`${opened[0]!.file.path}: no row is an event with an item`)
  return span as { events: number; first: number; last: number }
}
