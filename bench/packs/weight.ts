/** What a pack weighs on the wire, part by part, at brotli's highest quality. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotli } from '../../build/sizes.js'
import { readPackFromDisk } from '../../train/src/pack/read.js'

export interface PackWeight {
  name: string
  /** Random, not trained. */
  synthetic: boolean
  items: number
  minSessions: number
  /** Bytes per item. */
  ids: number
  vectors: number
  neighbours: number
  facts: number
  /** Bytes of all files, without the manifest. */
  total: number
}

/** @param folder of a pack */
export async function packWeight(name: string, folder: string, synthetic: boolean): Promise<PackWeight> {
  const { manifest } = await readPackFromDisk(folder)
  const files = new Map(
    Object.entries(manifest.files).map(([key, file]) => [key, readFileSync(join(folder, file.name))]),
  )
  const perItem = (prefix: string) =>
    manifest.sections
      .filter((section) => section.name.startsWith(prefix))
      .map(({ file, offset, length }) => brotli(files.get(file)!.subarray(offset, offset + length)))
      .reduce((sum, bytes) => sum + bytes, 0) / manifest.items
  return {
    name,
    synthetic,
    items: manifest.items,
    minSessions: manifest.minSessions,
    ids: perItem('items.ids'),
    vectors: perItem('items.vectors'),
    neighbours: perItem('neighbours.'),
    facts: perItem('facts.'),
    total: [...files.values()].reduce((sum, bytes) => sum + brotli(bytes), 0),
  }
}
