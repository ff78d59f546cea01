/**
 * A pack's folder on disk: the manifest, its signature, the files, and `history/` with earlier manifests. Changes are
 * prepared in a temporary folder and then renamed into place, the manifest last, so that a reader always finds a
 * complete pack, the old one or the new one.
 */
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join, resolve } from 'node:path'
import type { Manifest } from '../../../worker/pack/manifest.js'
import { parseManifest } from '../../../worker/pack/parse.js'

/** Number of earlier manifests kept, if their files still exist. */
const HISTORY = 16

/** A manifest as it is in the folder. Fields that `parseManifest` does not know are kept only in `json`. */
export interface Stored {
  manifest: Manifest
  bytes: Uint8Array
  json: Record<string, unknown>
}

/**
 * The folder's manifest; undefined if there is none.
 * @throws PackError when the manifest cannot be read
 */
export function readManifest(folder: string): Stored | undefined {
  return readStored(join(folder, 'manifest.json'))
}

/**
 * Checks whether the folder can hold a pack. Otherwise `publish` would find this out only after a training.
 * @throws with the folder's name and what to do
 */
export function requireFolder(folder: string): void {
  if (existsSync(folder) && !statSync(folder).isDirectory()) {
    throw new Error(
      `${folder} is a file: a pack is a folder. Give the name of a new folder, or of the folder of an earlier pack`,
    )
  }
  readManifest(folder)
  try {
    if (existsSync(folder)) accessSync(folder, constants.W_OK)
    const made = mkdirSync(asideOf(folder), { recursive: true })
    if (made !== undefined) rmSync(made, { recursive: true })
  } catch (error) {
    throw new Error(`${folder}: no pack can be written there (${(error as Error).message})`)
  }
}

/** The temporary folder for a change. It is next to the pack, so that files can be renamed and need not be copied. */
function asideOf(folder: string): string {
  return `${resolve(folder)}.tmp-${process.pid}`
}

/** Earlier manifests, newest first. */
export function readHistory(folder: string): Stored[] {
  const history = join(folder, 'history')
  if (!existsSync(history)) return []
  return readdirSync(history)
    .filter((name) => /^\d+\.json$/.test(name))
    .map((name) => readStored(join(history, name))!)
    .sort((a, b) => b.manifest.sequence - a.manifest.sequence)
}

function readStored(path: string): Stored | undefined {
  if (!existsSync(path)) return undefined
  const bytes = new Uint8Array(readFileSync(path))
  return { manifest: parseManifest(bytes, Infinity), bytes, json: JSON.parse(Buffer.from(bytes).toString()) }
}

/** Whether two manifests name the same files, e.g. if one is the disabled form of the other. */
export function sameFiles(a: Manifest, b: Manifest): boolean {
  const names = (manifest: Manifest) => namesOf(manifest).sort().join()
  return names(a) === names(b)
}

const namesOf = ({ files }: Manifest) => Object.values(files).map(({ name }) => name)

/**
 * Writes a manifest, and the files that it needs and the folder does not have yet. The present manifest goes to
 * `history/`, and a signature of it is removed. Files are kept if they are named by the new manifest, or by the
 * newest earlier manifest with other files, so that a rollback is possible.
 * @param files by name, e.g. `items.<hash>.bin` and its `.gz`
 */
export function publish(folder: string, json: object, files: ReadonlyMap<string, Uint8Array>): void {
  const bytes = new Uint8Array(Buffer.from(`${JSON.stringify(json, null, 1)}\n`))
  // Do not write a manifest that cannot be read back.
  const manifest = parseManifest(bytes, Infinity)
  const before = readManifest(folder)
  const aside = asideOf(folder)
  rmSync(aside, { recursive: true, force: true })
  mkdirSync(aside, { recursive: true })
  try {
    for (const [name, content] of files) writeFileSync(join(aside, name), content)
    writeFileSync(join(aside, 'manifest.json'), bytes)
    mkdirSync(folder, { recursive: true })
    for (const name of files.keys()) renameSync(join(aside, name), join(folder, name))
    if (before) {
      mkdirSync(join(folder, 'history'), { recursive: true })
      writeFileSync(join(folder, 'history', `${before.manifest.sequence}.json`), before.bytes)
    }
    rmSync(join(folder, 'manifest.sig'), { force: true })
    renameSync(join(aside, 'manifest.json'), join(folder, 'manifest.json'))
  } finally {
    rmSync(aside, { recursive: true, force: true })
  }
  collect(folder, manifest)
}

function collect(folder: string, current: Manifest): void {
  const history = readHistory(folder)
  const fallback = history.find(({ manifest }) => !sameFiles(manifest, current))
  const needed = new Set([...namesOf(current), ...(fallback ? namesOf(fallback.manifest) : [])])
  for (const [age, { manifest }] of history.entries()) {
    const whole = namesOf(manifest).every((name) => needed.has(name))
    if (!whole || (age >= HISTORY && manifest !== fallback?.manifest)) {
      rmSync(join(folder, 'history', `${manifest.sequence}.json`))
    }
  }
  for (const name of readdirSync(folder)) {
    const ours = /^([a-z0-9-]+\.[0-9a-f]{16}\.bin)(\.gz)?$/.exec(name)
    if (ours && !needed.has(ours[1]!)) rmSync(join(folder, name))
  }
}

/** The present time, or the time in SOURCE_DATE_EPOCH (https://reproducible-builds.org/specs/source-date-epoch/). */
export function timestamp(): string {
  const epoch = process.env.SOURCE_DATE_EPOCH
  return (epoch ? new Date(Number(epoch) * 1000) : new Date()).toISOString()
}
