/**
 * The DuckDB database through which logs are read. Its memory is bounded, its temp folder is deleted when it closes,
 * and it uses no network: extensions are neither installed nor searched for, because Parquet, JSON and ICU are linked
 * into the npm binary.
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

/** @param signal aborting it interrupts the running query, which then rejects with the signal's reason */
export async function openDatabase(signal?: AbortSignal): Promise<Database> {
  signal?.throwIfAborted()
  const folder = await mkdtemp(join(tmpdir(), 'nearside-'))
  // Synchronous, because a process that ends on a signal runs only synchronous code.
  const remove = () => rmSync(folder, { recursive: true, force: true })
  process.once('exit', remove)
  const memory = Math.max(512, Math.min(4096, Math.floor(totalmem() / MIB / 4)))
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: `${memory}MiB`,
    temp_directory: folder,
    threads: String(availableParallelism()),
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    // Every result here has its own ORDER BY, so DuckDB does not have to keep the order of insertion in memory.
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
