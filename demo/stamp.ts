/** Whether something made is still of its sources: their contents are hashed, since a checkout changes every date. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** A hash of files and folders, tests left out. */
export function stamp(paths: readonly string[], salt = ''): string {
  const hash = createHash('sha256').update(salt)
  for (const file of paths.flatMap(files)) hash.update(file).update(readFileSync(file))
  return hash.digest('hex').slice(0, 16)
}

function files(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path)
    .sort()
    .filter((name) => name !== 'node_modules' && name !== 'dist' && !/\.test\.ts$|\.tsbuildinfo$/.test(name))
    .flatMap((name) => files(join(path, name)))
}

/** What stands in a file, or nothing where there is none. */
export function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
