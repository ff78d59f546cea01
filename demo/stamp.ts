/** A hash of sources tells whether something must be built again. Dates cannot tell, because a checkout changes them. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** A hash of files and folders, without tests. */
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

/** The text of a file; empty if there is no such file. */
export function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
