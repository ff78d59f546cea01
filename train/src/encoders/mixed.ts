/**
 * The encoder kind `mixed`: attention and gru side by side on the same items. The session vector is the direction of
 * the sum of their unit vectors, as in worker/session/encoder.ts. Where one of them is wrong, the other is often
 * right.
 */
import type { AttentionTensors } from '../../../worker/session/attention.js'
import type { MixedTensors } from '../../../worker/session/encoder.js'
import type { Kernels } from '../../kernels/kernels.js'
import type { Floats, Memory } from '../../kernels/memory.js'
import { attention } from './attention.js'
import type { EncoderKind, SessionBatch, TrainableEncoder } from './encoder.js'
import { gru } from './gru.js'
import type { Tensors } from './tensor.js'

export const mixed: EncoderKind = {
  hyper: gru.hyper,
  start: (memory, hyper) => ({ ...attention.start(memory, hyper), ...gru.start(memory, hyper) }),
  trainable: (kernels, memory, tensors, hyper, positions) => {
    const parts = split(tensors).map(([part, own]) => part.trainable(kernels, memory, own, hyper, positions))
    return new MixedEncoder(kernels, memory, parts, hyper.dim, positions)
  },
  served: (tensors, hyper, scale) =>
    Object.assign({}, ...split(tensors).map(([part, own]) => part.served(own, hyper, scale)), {
      kind: 'mixed',
    }),
  // Each part rotates its own tensors and leaves the other tensors unchanged.
  rotated(encoder, axes) {
    const turned = attention.rotated(encoder, axes) as AttentionTensors
    return { ...(gru.rotated(encoder, axes) as MixedTensors), attention: turned.attention }
  },
  sections: (encoder) => ({ ...attention.sections(encoder), ...gru.sections(encoder) }),
}

function split({ attention: a, position, ...others }: Tensors): [EncoderKind, Tensors][] {
  return [
    [attention, { attention: a!, position: position! }],
    [gru, others],
  ]
}

class MixedEncoder implements TrainableEncoder {
  private readonly own: Pick<SessionBatch, 's' | 'ds'>[]
  private readonly inverse: Floats
  readonly gradients: Record<string, Floats>

  /** @param positions the largest number of positions in a batch */
  constructor(
    private readonly kernels: Kernels,
    memory: Memory,
    private readonly parts: TrainableEncoder[],
    private readonly dim: number,
    positions: number,
  ) {
    const floats = () => memory.floats(positions * dim)
    this.own = parts.map(() => ({ s: floats(), ds: floats() }))
    this.inverse = memory.floats(positions)
    this.gradients = Object.assign({}, ...parts.map(({ gradients }) => gradients))
  }

  forward(batch: SessionBatch): void {
    const { s, positions } = batch
    const n = positions * this.dim
    s.data.fill(0, 0, n)
    this.parts.forEach((part, p) => {
      const own = { ...batch, ...this.own[p]! }
      part.forward(own)
      for (let i = 0; i < n; i++) s.data[i]! += own.s.data[i]!
    })
    this.kernels.normaliseRows(positions, this.dim, s.at, this.inverse.at)
  }

  backward(batch: SessionBatch): void {
    const { s, ds, positions } = batch
    this.kernels.normaliseRowsBackward(positions, this.dim, s.at, this.inverse.at, ds.at)
    this.parts.forEach((part, p) => {
      const own = { ...batch, ...this.own[p]! }
      own.ds.data.set(ds.data.subarray(0, positions * this.dim))
      part.backward(own)
    })
  }
}
