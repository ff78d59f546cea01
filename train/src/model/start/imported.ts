/**
 * Item vectors and an encoder that were trained elsewhere. They stay as they are, and the rest is fitted around them.
 */
import type { EncoderTensors } from '../../../../worker/session/encoder.js'
import type { Memory } from '../../../kernels/memory.js'
import type { Hyper } from '../../encoders/hyper.js'
import { KINDS } from '../../encoders/kinds.js'
import { mapped, tensor } from '../../encoders/tensor.js'
import type { Parameters } from '../optimise/parameters.js'

export interface Imported {
  /** items*dim, row-major. */
  vectors: Float32Array
  /** 1 for each item that has a vector. */
  known: Uint8Array
  /** In logits; null if it is to be learned. */
  bias: Float32Array | null
  /** Null if an encoder is to be fitted to the vectors. */
  encoder: EncoderTensors | null
  /** Whether the vectors describe what items are, not who looked at them. Then those of rare items may be shown. */
  content: boolean
}

/** Length of the longest vector, at least 1. */
export function longest({ vectors }: Imported, dim: number): number {
  let most = 1
  for (let at = 0; at < vectors.length; at += dim) {
    most = Math.max(most, Math.hypot(...vectors.subarray(at, at + dim)))
  }
  return most
}

/** The settings of a training that leaves the imported parts fixed. */
export function hyperAround(imported: Imported, hyper: Hyper): Hyper {
  const fixed: Hyper['fixed'] = ['items']
  if (imported.bias) fixed.push('bias')
  if (imported.encoder) fixed.push('encoder')
  // No dropout: it keeps trained item vectors from depending on few values, but these are fixed, and an imported
  // encoder was not made for it.
  return { ...hyper, fixed, dropout: 0 }
}

/**
 * Replaces untrained parameters with imported ones.
 * @param ownless 1 for items that share the rare token's vector, which becomes the mean of all other vectors
 */
export function placeImported(
  imported: Imported,
  ownless: Uint8Array,
  memory: Memory,
  parameters: Parameters,
): void {
  const { vectors, bias, encoder } = imported
  const dim = vectors.length / ownless.length
  parameters.items.w.data.set(vectors)
  const token = parameters.items.w.data.subarray(vectors.length, vectors.length + dim)
  let count = 0
  for (let row = 0; row < ownless.length; row++) {
    if (ownless[row]) continue
    count++
    for (let d = 0; d < dim; d++) token[d]! += (vectors[row * dim + d]! - token[d]!) / count
  }
  if (bias) parameters.bias.w.data.set(bias)
  if (!encoder) return
  parameters.scale.w.data[0] = Math.log(encoder.scale)
  parameters.encoder = mapped(KINDS[encoder.kind].sections(encoder), ({ values }) => {
    const one = tensor(memory, values.length)
    one.w.data.set(values)
    return one
  })
}
