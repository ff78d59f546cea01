/** The encoder kind `attention` for training. worker/session/attention.ts is the same encoder in the engine. */
import type { AttentionTensors } from '../../../worker/session/attention.js'
import type { Kernels } from '../../kernels/kernels.js'
import type { Floats, Memory } from '../../kernels/memory.js'
import type { EncoderKind, SessionBatch, TrainableEncoder } from './encoder.js'
import type { Hyper } from './hyper.js'
import { times, transposed } from './matrix.js'
import { mapped, type Tensor, tensor } from './tensor.js'

export type AttentionParameters = {
  /** dim*dim, row-major. */
  attention: Tensor
  /** One value for each distance from the latest step. */
  position: Tensor
}

/** Starts as a mean of the items in which older items count less. There is no attention by content yet. */
function start(memory: Memory, { dim, window }: Hyper): AttentionParameters {
  const parameters = { attention: tensor(memory, dim * dim), position: tensor(memory, window) }
  parameters.position.w.data.forEach((_, distance, data) => {
    data[distance] = -0.2 * Math.min(distance, 10)
  })
  return parameters
}

export const attention: EncoderKind = {
  hyper: {},
  start,
  trainable: (kernels, memory, tensors: AttentionParameters, { dim, window }, positions) =>
    new AttentionEncoder(kernels, memory, tensors, dim, window, positions),
  served: ({ attention, position }: AttentionParameters, { dim, window }, scale): AttentionTensors => ({
    kind: 'attention',
    dim,
    window,
    attention: attention.w.data.slice(0, dim * dim),
    position: position.w.data.slice(0, window),
    scale,
  }),
  // x'A y = (x'R) R'A R (R'y), so A becomes R'A R.
  rotated(encoder: AttentionTensors, axes) {
    const dim = axes.length / encoder.dim
    const right = times(encoder.attention, axes, dim)
    return { ...encoder, dim, attention: Float32Array.from(times(transposed(axes, dim), right, dim)) }
  },
  sections: ({ dim, attention, position }: AttentionTensors) => ({
    attention: { values: attention, shape: [dim, dim] },
    position: { values: position, shape: [position.length] },
  }),
}

class AttentionEncoder implements TrainableEncoder {
  private readonly u
  private readonly du
  private readonly alpha
  private readonly alphaStarts
  private readonly inverse
  private readonly scratch
  private readonly transposed
  readonly gradients: Record<keyof AttentionParameters, Floats>

  /** @param positions the largest number of positions in a batch; no session is longer than `window` */
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
    this.gradients = mapped(parameters, ({ w }) => memory.floats(w.data.length))
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
    const { dim, window, kernels, parameters, gradients } = this
    const row = dim * 4
    for (const { data } of Object.values(gradients)) data.fill(0)
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
      gradients.position.at,
      this.scratch.at,
    )
    // dx += du A', dA = x' du.
    const { data } = parameters.attention.w
    for (let r = 0; r < dim; r++) {
      for (let c = 0; c < dim; c++) this.transposed.data[c * dim + r] = data[r * dim + c]!
    }
    kernels.gemm(positions, dim, dim, this.du.at, row, 4, this.transposed.at, row, 32, dx.at, row)
    kernels.gemm(dim, dim, positions, x.at, 4, row, this.du.at, row, 32, gradients.attention.at, row)
  }
}
