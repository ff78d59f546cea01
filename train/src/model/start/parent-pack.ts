/** The pack that a warm start continues from. */

import { openModel } from '../../../../worker/model.js'
import type { Lineage, WrittenManifest } from '../../../../worker/pack/manifest.js'
import type { ServingModel } from '../../../../worker/rank/evidence.js'
import type { Kind } from '../../encoders/kind.js'
import type { KINDS } from '../../encoders/kinds.js'
import { readPackFromDisk } from '../../pack/read.js'

export interface ParentPack {
  folder: string
  sequence: number
  /** The bytes of the manifest. It has a digest of every file, so it stands for the whole pack. */
  manifest: Uint8Array
  kind: Kind
  lineage: Lineage
  /** The model as it is served. Nothing else is left of its training. */
  served: ServingModel
}

/**
 * @throws {PackError} when the folder holds no pack, or a damaged one
 * @throws {Error} when training cannot continue from the pack
 */
export async function readParentPack(folder: string): Promise<ParentPack> {
  const pack = await readPackFromDisk(folder)
  const { lineage }: Partial<WrittenManifest> = JSON.parse(new TextDecoder().decode(pack.release.bytes))
  if (typeof lineage !== 'object' || lineage === null)
    throw new Error(
      `${folder}: the pack does not say what it was trained on (no lineage), so training cannot continue from it`,
    )
  const served = await openModel(pack, 'auto')
  const { dim, encoder } = pack.manifest
  if (dim % 8 !== 0)
    throw new Error(`${folder}: its vectors have ${dim} values, but only multiples of 8 can be trained`)
  return {
    folder,
    sequence: pack.manifest.sequence,
    manifest: pack.release.bytes,
    kind: encoder.kind as keyof typeof KINDS,
    lineage,
    served,
  }
}
