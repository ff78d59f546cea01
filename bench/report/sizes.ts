/** What a page downloads, raw and compressed as servers do. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { BUDGETS, brotli } from '../../build/sizes.js'

export interface FileSize {
  file: string
  what: string
  raw: number
  gzip: number
  brotli: number
}

const WHAT: Readonly<Record<string, string>> = {
  'stub.js': 'snippet before the script tag',
  'index.js': 'npm entry',
  'nearside.js': 'script tag',
  'worker.js': 'the engine, in its worker',
  'asked.js': 'part of the engine: searches, landing pages, preferences',
  'live.js': 'part of the engine: the live file',
  'shape.js': 'part of the engine: rules, variety, exploration',
  'inline.js': '`nearside/inline`: npm entry with the engine inside',
}

/** @param dist folder of the build */
export function sizes(dist: string): FileSize[] {
  if (!existsSync(dist)) throw new Error(`${dist} is not there: run npm run build first`)
  const built = readdirSync(dist).filter((name) => name.endsWith('.js'))
  const missing = Object.keys(BUDGETS).filter((name) => !built.includes(name))
  if (missing.length > 0) throw new Error(`${dist} lacks ${missing.join(', ')}: run npm run build first`)
  const optional = built.filter((name) => !(name in BUDGETS)).sort()
  return [...Object.keys(BUDGETS), ...optional].map((file) => {
    const bytes = readFileSync(join(dist, file))
    return {
      file,
      what: WHAT[file] ?? 'optional part',
      raw: bytes.length,
      gzip: gzipSync(bytes, { level: 9 }).length,
      brotli: brotli(bytes),
    }
  })
}
