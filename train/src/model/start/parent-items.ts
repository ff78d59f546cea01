/** The items of the parent pack, in the rows of the new log. A warm start begins with them. */
import { EXCLUDED } from '../../../../worker/compute/scorer.js'
import type { ParentPack } from './parent-pack.js'

export interface ParentItems {
  /** items*dim, exactly the values of the pack's codes; zeros for items that the pack does not have. */
  vectors: Float32Array
  /** In logits; the mean for items that the pack does not show. */
  bias: Float32Array
  /** 1 for items that have a vector of their own, learned from sessions. */
  own: Uint8Array
  /** 1 for items that have a vector made from content. */
  placed: Uint8Array
  /** The vector that all rare items shared; null if the pack has fewer than two of them. */
  token: Float32Array | null
}

export function parentItems(ids: readonly string[], { served: { catalog } }: ParentPack): ParentItems {
  const { dim, biasStep } = catalog
  const token = tokenOf(catalog)
  const items = ids.length
  const out: ParentItems = {
    vectors: new Float32Array(items * dim),
    bias: new Float32Array(items),
    own: new Uint8Array(items),
    placed: new Uint8Array(items),
    token,
  }
  let sum = 0
  let count = 0
  for (const bias of catalog.bias) {
    if (bias === EXCLUDED) continue
    sum += bias * biasStep
    count++
  }
  out.bias.fill(count > 0 ? sum / count : 0)
  for (let row = 0; row < items; row++) {
    const before = catalog.rowOf(ids[row]!)
    if (before < 0) continue
    const vector = catalog.vector(before)
    const hidden = catalog.bias[before] === EXCLUDED
    // Hidden items with another vector are not rare: the shop took them out of its catalogue, and they keep their own.
    if (hidden && token?.every((value, d) => value === vector[d])) continue
    if (hidden || catalog.popularity(before) > 0) out.own[row] = 1
    else out.placed[row] = 1
    out.vectors.set(vector, row * dim)
    if (!hidden) out.bias[row] = catalog.bias[before]! * biasStep
  }
  return out
}

/** The most frequent vector among the hidden items; null if no two share one. */
function tokenOf(catalog: ParentPack['served']['catalog']): Float32Array | null {
  const { size, dim, codes, bias } = catalog
  const counts = new Map<string, number>()
  let most = 1
  let token: Float32Array | null = null
  for (let row = 0; row < size; row++) {
    if (bias[row] !== EXCLUDED) continue
    const key = codes.subarray(row * dim, row * dim + dim).join()
    const count = (counts.get(key) ?? 0) + 1
    counts.set(key, count)
    if (count <= most) continue
    most = count
    token = catalog.vector(row)
  }
  return token
}
