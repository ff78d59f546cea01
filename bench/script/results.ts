/** The folder `bench/results`: what each script measured, as JSON. All tables of the docs are made from these files. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export const ROOT = join(import.meta.dirname, '../..')

const pathOf = (name: string) => join(ROOT, 'bench/results', name)

/** @param none what to start from where nothing was measured yet; without it the file must be there */
export function readResults<T>(name: string, none?: T): T {
  const path = pathOf(name)
  if (none !== undefined && !existsSync(path)) return none
  return JSON.parse(readFileSync(path, 'utf8')) as T
}

export function writeResults(name: string, results: unknown): void {
  writeFileSync(pathOf(name), `${JSON.stringify(results, null, 2)}\n`)
}
