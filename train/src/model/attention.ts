/** The encoder kind `attention`: worker/session/encoder.ts for training. */
import type { AttentionTensors } from '../../../worker/session/encoder.js'
import type { Kernels } from '../../kernels/kernels.js'
import type { Memory } from '../../kernels/memory.js'
import type { SessionBatch, TrainableEncoder } from './encoder.js'
import { type AdamStep, placeOf, type Tensor, type TensorPlace, tensor, tensorAt } from './tensor.js'

export interface AttentionParameters {
  /** dim*dim, row-major. */
  attention: Tensor
  /** One for each distance. */
  position: Tensor
}

export interface AttentionPlaces {
  attention: TensorPlace
  position: TensorPlace
}

/** Starts as a recency-weighted mean: no attention by content, older items fading. */
export function newAttention(memory: Memory, dim: number, window: number): AttentionParameters {
  const parameters = { attention: tensor(memory, dim * dim), position: tensor(memory, window) }
  parameters.position.w.data.forEach((_, distance, data) => {
    data[distance] = -0.2 * Math.min(distance, 10)
  })
  return parameters
}

export function attentionPlaces({ attention, position }: AttentionParameters): AttentionPlaces {
  return { attention: placeOf(attention), position: placeOf(position) }
}

export function attentionAt(memory: Memory, places: AttentionPlaces): AttentionParameters {
  return { attention: tensorAt(memory, places.attention), position: tensorAt(memory, places.position) }
}

/** For serving. */
export function attentionTensors(
  { attention, position }: AttentionParameters,
  dim: number,
  window: number,
  scale: number,
): AttentionTensors {
  return {
    kind: 'attention',
    dim,
    window,
    attention: Float32Array.from(attention.w.data.subarray(0, dim * dim)),
    position: Float32Array.from(position.w.data.subarray(0, window)),
    scale,
  }
}

export class AttentionEncoder implements TrainableEncoder {
  private readonly u
  private readonly du
  private readonly alpha
  private readonly alphaStarts
  private readonly inverse
  private readonly scratch
  private readonly transposed
  /** Gradients of the last `backward`. */
  readonly dAttention
  readonly dPosition

  /** @param positions most positions of a batch; no session is longer than `window` */
  constructor(
    private readonly kernels: Kernels,
    memory: Memory,
    private readonly parameters: AttentionParameters,
    private readonly dim: number,
    private readonly window: number,
    positions: number,
  ) {
    this.u = memory.floats(positions * dim)
    this.du = memory.floats(positions * dim)
    this.alpha = memory.floats(positions * window)
    this.alphaStarts = memory.ints(positions + 1)
    this.inverse = memory.floats(positions)
    this.scratch = memory.floats(window)
    this.transposed = memory.floats(dim * dim)
    this.dAttention = memory.floats(dim * dim)
    this.dPosition = memory.floats(parameters.position.w.data.length)
  }

  forward({ sessions, positions, starts, x, s, gain }: SessionBatch): void {
    const { dim, window, kernels, parameters } = this
    const row = dim * 4
    for (let i = 0, at = 0; i < sessions; i++) {
      this.alphaStarts.data[i] = at
      at += (starts.data[i + 1]! - starts.data[i]!) ** 2
    }
    this.u.data.fill(0, 0, positions * dim)
    kernels.gemm(positions, dim, dim, x.at, row, 4, parameters.attention.w.at, row, 32, this.u.at, row)
    kernels.attentionForward(
      sessions,
      dim,
      starts.at,
      this.alphaStarts.at,
      x.at,
      this.u.at,
      parameters.position.w.at,
      window,
      gain.at,
      this.alpha.at,
      s.at,
      this.inverse.at,
    )
  }

  backward({ sessions, positions, starts, x, dx, s, ds }: SessionBatch): void {
    const { dim, window, kernels, parameters } = this
    const row = dim * 4
    this.dPosition.data.fill(0)
    kernels.attentionBackward(
      sessions,
      dim,
      starts.at,
      this.alphaStarts.at,
      x.at,
      this.u.at,
      window,
      this.alpha.at,
      s.at,
      this.inverse.at,
      ds.at,
      dx.at,
      this.du.at,
      this.dPosition.at,
      this.scratch.at,
    )
    // dx += du A', dA = x' du.
    const { data } = parameters.attention.w
    for (let r = 0; r < dim; r++) {
      for (let c = 0; c < dim; c++) this.transposed.data[c * dim + r] = data[r * dim + c]!
    }
    kernels.gemm(positions, dim, dim, this.du.at, row, 4, this.transposed.at, row, 32, dx.at, row)
    this.dAttention.data.fill(0)
    kernels.gemm(dim, dim, positions, x.at, 4, row, this.du.at, row, 32, this.dAttention.at, row)
  }

  update({ rate, root, beta1, beta2, floor }: AdamStep): void {
    const { kernels, parameters, dim } = this
    const a = parameters.attention
    kernels.adam(dim * dim, a.w.at, a.m.at, a.v.at, this.dAttention.at, rate, root, beta1, beta2, floor)
    const p = parameters.position
    kernels.adam(p.w.data.length, p.w.at, p.m.at, p.v.at, this.dPosition.at, rate, root, beta1, beta2, floor)
  }
}
