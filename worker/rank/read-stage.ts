/** What training has found beside the blend, read from a pack and checked for range: see `worker/shape/second-stage.ts`. */
import type { Pack } from '../pack/pack.js'
import { values } from '../pack/values.js'

/** @throws PackError */
export function readStage(pack: Pack): Float32Array | undefined {
  return pack.has('stage.linear') ? values(pack, 'stage.linear', -100, 100, -1) : undefined
}

/** @throws PackError */
export function readSimilar(pack: Pack): number | undefined {
  return pack.has('stage.similar') ? values(pack, 'stage.similar', -10, 10, 1)[0] : undefined
}
