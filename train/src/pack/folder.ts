/**
 * A pack's folder on disk: the manifest, its signature, the files, and `history/` with earlier manifests. Changes are
 * prepared aside and renamed in, the manifest last, so that a reader finds the old pack or the new one.
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

/** Earlier manifests kept, as long as their files are. */
const HISTORY = 16

/** A manifest as it stands in the folder. What `parseManifest` does not know survives only in `json`. */
export interface Stored {
  manifest: Manifest
  bytes: Uint8Array
  json: Record<string, unknown>
}

/**
 * The folder's manifest; undefined when there is none.
 * @throws PackError when there is one that cannot be read
 */
export function readManifest(folder: string): Stored | undefined {
  return readStored(join(folder, 'manifest.json'))
}

/**
 * Finds out at once what `publish` would only find out after a training: whether the folder can take a pack.
 * @throws with the folder's name and what to do
 */
export function requireFolder(folder: string): void {
  if (existsSync(folder) && !statSync(folder).isDirectory()) {
    throw new Error(
      `${folder} is a file: a pack is a folder, give the name of one, new or of an earlier pack`,
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

/** Where a change of the folder is prepared: beside it, so that it is renamed in and not copied. */
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

/** Whether two manifests name the same files, e.g. one is the other one disabled. */
export function sameFiles(a: Manifest, b: Manifest): boolean {
  const names = (manifest: Manifest) => namesOf(manifest).sort().join()
  return names(a) === names(b)
}

const namesOf = ({ files }: Manifest) => Object.values(files).map(({ name }) => name)

/**
 * Puts a manifest, and the files that it needs and the folder lacks, in place of the present one, which goes to
 * `history/`. A signature of the old manifest is removed. Files stay while the new manifest names them, or the newest
 * earlier one with other files: that is what can be rolled back to.
 * @param files by name, e.g. `items.<hash>.bin` and its `.gz`
 */
export function publish(folder: string, json: object, files: ReadonlyMap<string, Uint8Array>): void {
  const bytes = new Uint8Array(Buffer.from(`${JSON.stringify(json, null, 1)}\n`))
  // What cannot be read back must not be written.
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

/** Now, or the moment that SOURCE_DATE_EPOCH fixes (https://reproducible-builds.org/specs/source-date-epoch/). */
export function timestamp(): string {
  const epoch = process.env.SOURCE_DATE_EPOCH
  return (epoch ? new Date(Number(epoch) * 1000) : new Date()).toISOString()
}
