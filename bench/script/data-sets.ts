/** Folders of data sets. They are not part of the project: one of them may not be copied. */
import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { UsageError } from '../../build/program.js'

/** What each script says of its argument. */
export const FOLDER = 'folder of data sets: each a folder with the files named above'

export interface DataSet {
  name: string
  /** Path of one of its files. */
  file(name: string): string
}

/** A path as the user typed it. npm runs scripts in the package's folder, so it must be resolved from where npm was called. */
export function typedPath(path: string): string {
  return resolve(process.env.INIT_CWD ?? '.', path)
}

/**
 * The data sets of a folder that have all of `files`.
 * @param only names of those that are wanted; all of them where it is undefined
 * @throws {UsageError} when there is none, or a wanted one is missing
 */
export function dataSets(folder: string, files: readonly string[], only?: readonly string[]): DataSet[] {
  const path = typedPath(folder)
  if (!existsSync(path))
    throw new UsageError(`${path}: no such folder. Name the folder that holds the data sets.`)
  const complete = readdirSync(path).filter((name) =>
    files.every((file) => existsSync(join(path, name, file))),
  )
  const needed = files.join(' and ')
  if (complete.length === 0) throw new UsageError(`${path}: no folder in it has ${needed}.`)
  const missing = only?.filter((name) => !complete.includes(name)) ?? []
  if (missing.length > 0) {
    throw new UsageError(
      `--only ${missing.join(' ')}: no such data set. With ${needed} there are: ${complete.join(', ')}.`,
    )
  }
  return complete
    .filter((name) => only?.includes(name) ?? true)
    .map((name) => ({ name, file: (file) => join(path, name, file) }))
}
