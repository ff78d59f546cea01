/**
 * The DuckDB that logs are read through: bounded memory, a temp folder of its own that goes when it closes, and no
 * network (extensions are neither installed nor looked for; Parquet, JSON and ICU are linked into the npm binary).
 */
import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { availableParallelism, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance, type DuckDBValue } from '@duckdb/node-api'

const MIB = 2 ** 20

export interface Database extends AsyncDisposable {
  connection: DuckDBConnection
  run(sql: string, values?: DuckDBValue[]): Promise<void>
  /** All rows of a small result. */
  rows(sql: string, values?: DuckDBValue[]): Promise<Record<string, DuckDBValue>[]>
}

/** @param signal aborting it interrupts the query that is running, which then rejects with the signal's reason */
export async function openDatabase(signal?: AbortSignal): Promise<Database> {
  signal?.throwIfAborted()
  const folder = await mkdtemp(join(tmpdir(), 'nearside-'))
  // Synchronous, because a process that ends on a signal runs only what is synchronous.
  const remove = () => rmSync(folder, { recursive: true, force: true })
  process.once('exit', remove)
  const memory = Math.max(512, Math.min(4096, Math.floor(totalmem() / MIB / 4)))
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: `${memory}MiB`,
    temp_directory: folder,
    threads: String(availableParallelism()),
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    // Every result here is sorted by what it says, so the order of insertion need not be kept in memory.
    preserve_insertion_order: 'false',
  })
  const connection = await instance.connect()
  // ISO times without a zone are read as UTC.
  await connection.run(`SET TimeZone = 'UTC'`)
  const interrupt = () => connection.interrupt()
  signal?.addEventListener('abort', interrupt)

  async function guarded<T>(work: Promise<T>): Promise<T> {
    try {
      return await work
    } catch (error) {
      signal?.throwIfAborted()
      throw error
    }
  }
  return {
    connection,
    run: async (sql, values) => {
      signal?.throwIfAborted()
      await guarded(connection.run(sql, values))
    },
    rows: async (sql, values) => {
      signal?.throwIfAborted()
      return (await guarded(connection.runAndReadAll(sql, values))).getRowObjects()
    },
    async [Symbol.asyncDispose]() {
      signal?.removeEventListener('abort', interrupt)
      connection.closeSync()
      instance.closeSync()
      remove()
      process.removeListener('exit', remove)
    },
  }
}

/** A string as an SQL literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** A name as an SQL identifier. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
