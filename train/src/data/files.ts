/** Finds the input files (paths and globs) and their formats. The content decides the format before the name does. */
import { createReadStream, existsSync, type ReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { Database } from './database.js'

type Format = 'delimited' | 'jsonl' | 'parquet'

export interface SourceFile {
  /** The path, as messages show it. */
  path: string
  format: Format
  gzip: boolean
  bytes: number
}

const GZIP = Buffer.from([0x1f, 0x8b])
const PARQUET = Buffer.from('PAR1')

/**
 * The files that paths and globs (`logs/*.csv`, `logs/**\/*.parquet`) name. Each file comes once, in the order given;
 * the matches of a glob are sorted by name.
 * @throws when a pattern matches nothing
 */
export async function findFiles(database: Database, patterns: readonly string[]): Promise<SourceFile[]> {
  const found = new Map<string, SourceFile>()
  for (const pattern of patterns) {
    // A file name may contain brackets, so an existing path is not read as a pattern.
    const paths = existsSync(pattern)
      ? [pattern]
      : (await database.rows('SELECT file FROM glob(?) ORDER BY file', [pattern])).map((row) =>
          String(row.file),
        )
    if (paths.length === 0) throw new Error(`${pattern}: no such file (looked in ${process.cwd()})`)
    for (const path of paths) {
      if (!found.has(resolve(path))) found.set(resolve(path), await describe(path))
    }
  }
  return [...found.values()]
}

async function describe(path: string): Promise<SourceFile> {
  const { size, isDirectory } = await stat(path).then((s) => ({ size: s.size, isDirectory: s.isDirectory() }))
  if (isDirectory) throw new Error(`${path} is a folder. Name its files, e.g. '${path}/*.csv'`)
  const handle = await open(path)
  const start = Buffer.alloc(4)
  await handle.read(start, 0, 4, 0)
  await handle.close()
  if (start.equals(PARQUET)) return { path, format: 'parquet', gzip: false, bytes: size }
  const name = path.replace(/\.gz$/i, '')
  if (/\.(parquet|pq)$/i.test(name)) {
    throw new Error(
      `${path} has the name of a Parquet file but does not begin with "PAR1". Is it incomplete?`,
    )
  }
  const format = /\.(jsonl|ndjson|json)$/i.test(name) ? 'jsonl' : 'delimited'
  return { path, format, gzip: start.subarray(0, 2).equals(GZIP), bytes: size }
}

/** The decoded bytes of a text file. `read` returns how many bytes of the (compressed) file have been read. */
export function openText(file: SourceFile): { stream: Readable; read(): number } {
  const source: ReadStream = createReadStream(file.path, { highWaterMark: 1 << 20 })
  if (!file.gzip) return { stream: source, read: () => source.bytesRead }
  const gunzip = createGunzip({ chunkSize: 1 << 20 })
  source.on('error', (error) => gunzip.destroy(error))
  gunzip.on('close', () => source.destroy())
  return { stream: source.pipe(gunzip), read: () => source.bytesRead }
}
