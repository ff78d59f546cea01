/**
 * The encoder kind `gru` for training, by backpropagation through the whole piece of a session. worker/session/gru.ts
 * is the same encoder in the engine.
 *
 * Positions are laid out by time step: first the first steps of all sessions, then all second steps, and so on, with
 * sessions from the longest to the shortest. The sessions that are still running at a step are then one block, so
 * each step needs one product of matrices. What does not depend on the step before needs one product for the whole
 * batch.
 */
import type { GruTensors } from '../../../worker/session/gru.js'
import type { Kernels } from '../../kernels/kernels.js'
import type { Floats, Memory } from '../../kernels/memory.js'
import { random } from '../maths/random.js'
import type { EncoderKind, SessionBatch, TrainableEncoder } from './encoder.js'
import type { Hyper } from './hyper.js'
import { times, transposed } from './matrix.js'
import { mapped, type Tensor, tensor } from './tensor.js'

/** Gradients are summed over this many rows at a time, so that the rows stay in the processor's cache. */
const BLOCK = 64

/** Names and layout are the same as in worker/session/gru.ts. */
export type GruParameters = {
  inputWeights: Tensor
  inputBias: Tensor
  recurrentWeights: Tensor
  recurrentBias: Tensor
  output: Tensor
}

/**
 * Starts with the same random weights as PyTorch, but changed so that the session vector begins near a mean of the
 * items in which the latest counts most. Item vectors are useful from the start (`initial.ts`), so the encoder should
 * let them through from the start.
 */
function start(memory: Memory, { dim, seed }: Hyper): GruParameters {
  const size = dim
  const gates = 3 * size
  const parameters: GruParameters = {
    inputWeights: tensor(memory, gates * dim),
    inputBias: tensor(memory, gates),
    recurrentWeights: tensor(memory, gates * size),
    recurrentBias: tensor(memory, gates),
    output: tensor(memory, dim * size),
  }
  const uniform = random(seed, 13)
  const most = 1 / Math.sqrt(size)
  for (const { w } of Object.values(parameters)) {
    for (let i = 0; i < w.data.length; i++) w.data[i] = most * (2 * uniform() - 1)
  }
  for (let i = 0; i < size; i++) {
    // n starts near tanh(2 x), and z near sigmoid(-1), about a quarter.
    parameters.inputWeights.w.data[(2 * size + i) * dim + i]! += 2
    parameters.inputBias.w.data[size + i]! -= 1
    parameters.output.w.data[i * size + i]! += 1
  }
  return parameters
}

export const gru: EncoderKind = {
  hyper: { rate: 0.005, dropout: 0.2 },
  start,
  trainable: (kernels, memory, tensors: GruParameters, { dim }, positions) =>
    new GruEncoder(kernels, memory, tensors, dim, positions),
  served: (tensors: GruParameters, { dim, window }, scale): GruTensors => ({
    kind: 'gru',
    dim,
    window,
    scale,
    ...mapped(tensors, ({ w }) => w.data.slice()),
  }),
  // W x = (W R) (R'x), so W becomes W R. The output is rotated like the items.
  rotated(encoder: GruTensors, axes) {
    const size = encoder.output.length / encoder.dim
    const dim = axes.length / encoder.dim
    return {
      ...encoder,
      dim,
      inputWeights: Float32Array.from(times(encoder.inputWeights, axes, dim)),
      output: Float32Array.from(times(transposed(axes, dim), encoder.output, size)),
    }
  },
  sections({ dim, inputWeights, inputBias, recurrentWeights, recurrentBias, output }: GruTensors) {
    const size = output.length / dim
    const gates = 3 * size
    return {
      inputWeights: { values: inputWeights, shape: [gates, dim] },
      inputBias: { values: inputBias, shape: [gates] },
      recurrentWeights: { values: recurrentWeights, shape: [gates, size] },
      recurrentBias: { values: recurrentBias, shape: [gates] },
      output: { values: output, shape: [dim, size] },
    }
  },
}

class GruEncoder implements TrainableEncoder {
  private readonly size: number
  /** For each place in this layout, its position in the batch. `placeOf` is the inverse. */
  private readonly positionOf
  private readonly placeOf
  /** The first place of each time step, then the end of the last. */
  private times: number[] = []
  private readonly gain
  private readonly x
  /** The gates and the terms that they are made of, see `gruForward` in the kernels. */
  private readonly input
  private readonly recurrent
  /** The state before and after each place. */
  private readonly before
  private readonly after
  private readonly dAfter
  /** Holds the output, then its gradient, and finally the gradient of x. */
  private readonly out
  private readonly inverse
  private readonly panels
  readonly gradients: Record<keyof GruParameters, Floats>

  /** @param positions the largest number of positions in a batch */
  constructor(
    private readonly kernels: Kernels,
    memory: Memory,
    private readonly parameters: GruParameters,
    private readonly dim: number,
    positions: number,
  ) {
    const size = parameters.output.w.data.length / dim
    this.size = size
    this.positionOf = memory.ints(positions)
    this.placeOf = memory.ints(positions)
    this.gain = memory.floats(positions)
    this.x = memory.floats(positions * dim)
    this.input = memory.floats(positions * 3 * size)
    this.recurrent = memory.floats(positions * 3 * size)
    this.before = memory.floats(positions * size)
    this.after = memory.floats(positions * size)
    this.dAfter = memory.floats(positions * size)
    this.out = memory.floats(positions * dim)
    this.inverse = memory.floats(positions)
    this.panels = memory.floats(3 * size * Math.max(size, dim))
    this.gradients = mapped(parameters, ({ w }) => memory.floats(w.data.length))
  }

  forward(batch: SessionBatch): void {
    const { kernels, parameters, dim, size, input, recurrent, before, after, out, panels } = this
    const { inputWeights, inputBias, recurrentWeights, recurrentBias, output } = parameters
    const n = batch.positions
    const gates = 3 * size
    this.layOut(batch)
    kernels.gather(n, 1, this.positionOf.at, batch.gain.at, this.gain.at)
    kernels.gather(n, dim, this.positionOf.at, batch.x.at, this.x.at)

    kernels.fillRows(n, gates, inputBias.w.at, input.at)
    kernels.packPanels(gates, dim, inputWeights.w.at, panels.at)
    kernels.gemm(n, gates, dim, this.x.at, dim * 4, 4, panels.at, 32, dim * 32, input.at, gates * 4)

    kernels.fillRows(n, gates, recurrentBias.w.at, recurrent.at)
    kernels.packPanels(gates, size, recurrentWeights.w.at, panels.at)
    this.times.slice(0, -1).forEach((from, t) => {
      const count = this.times[t + 1]! - from
      const [u, h] = [recurrent.at + from * gates * 4, before.at + from * size * 4]
      if (t === 0) before.data.fill(0, 0, count * size)
      else {
        const last = this.times[t - 1]! * size
        before.data.set(after.data.subarray(last, last + count * size), from * size)
        kernels.gemm(count, gates, size, h, size * 4, 4, panels.at, 32, size * 32, u, gates * 4)
      }
      const [i, a] = [input.at + from * gates * 4, after.at + from * size * 4]
      kernels.gruForward(count, size, i, u, this.gain.at + from * 4, h, a)
    })

    out.data.fill(0, 0, n * dim)
    kernels.packPanels(dim, size, output.w.at, panels.at)
    kernels.gemm(n, dim, size, after.at, size * 4, 4, panels.at, 32, size * 32, out.at, dim * 4)
    kernels.gather(n, dim, this.placeOf.at, out.at, batch.s.at)
    kernels.normaliseRows(n, dim, batch.s.at, this.inverse.at)
  }

  backward({ positions: n, dx, s, ds }: SessionBatch): void {
    const { kernels, parameters, gradients, dim, size, input, recurrent, before, after, dAfter, out } = this
    const gates = 3 * size
    for (const { data } of Object.values(gradients)) data.fill(0)
    kernels.normaliseRowsBackward(n, dim, s.at, this.inverse.at, ds.at)
    kernels.gather(n, dim, this.positionOf.at, ds.at, out.at)
    dAfter.data.fill(0, 0, n * size)
    // biome-ignore format: one product a line.
    kernels.gemm(n, size, dim, out.at, dim * 4, 4, parameters.output.w.at, size * 4, 32, dAfter.at, size * 4)
    kernels.gemm(dim, size, n, out.at, 4, dim * 4, after.at, size * 4, 32, gradients.output.at, size * 4)

    const weights = parameters.recurrentWeights.w.at
    for (let t = this.times.length - 2; t >= 0; t--) {
      const from = this.times[t]!
      const count = this.times[t + 1]! - from
      const [i, u] = [input.at + from * gates * 4, recurrent.at + from * gates * 4]
      const dBefore = t === 0 ? 0 : dAfter.at + this.times[t - 1]! * size * 4
      const h = from * size * 4
      kernels.gruBackward(count, size, i, u, before.at + h, dAfter.at + h, dBefore)
      if (t > 0) kernels.gemm(count, size, gates, u, gates * 4, 4, weights, size * 4, 32, dBefore, size * 4)
    }

    kernels.sumRows(n, gates, input.at, gradients.inputBias.at)
    kernels.sumRows(n, gates, recurrent.at, gradients.recurrentBias.at)
    for (let from = 0; from < n; from += BLOCK) {
      const rows = Math.min(BLOCK, n - from)
      const [i, u] = [input.at + from * gates * 4, recurrent.at + from * gates * 4]
      const [x, h] = [this.x.at + from * dim * 4, before.at + from * size * 4]
      // biome-ignore format: one product a line.
      kernels.gemm(gates, dim, rows, i, 4, gates * 4, x, dim * 4, 32, gradients.inputWeights.at, dim * 4)
      // biome-ignore format: one product a line.
      kernels.gemm(gates, size, rows, u, 4, gates * 4, h, size * 4, 32, gradients.recurrentWeights.at, size * 4)
    }
    out.data.fill(0, 0, n * dim)
    // biome-ignore format: one product a line.
    kernels.gemm(n, dim, gates, input.at, gates * 4, 4, parameters.inputWeights.w.at, dim * 4, 32, out.at, dim * 4)
    kernels.scatterAdd(n, dim, this.positionOf.at, out.at, dx.at)
  }

  private layOut({ sessions, starts }: SessionBatch): void {
    const { data } = starts
    const length = (i: number) => data[i + 1]! - data[i]!
    const order = Array.from({ length: sessions }, (_, i) => i).sort((a, b) => length(b) - length(a) || a - b)
    this.times = [0]
    let place = 0
    for (let t = 0, going = sessions; going > 0; t++) {
      while (going > 0 && length(order[going - 1]!) <= t) going--
      for (let rank = 0; rank < going; rank++) {
        const position = data[order[rank]!]! + t
        this.positionOf.data[place] = position
        this.placeOf.data[position] = place++
      }
      if (going > 0) this.times.push(place)
    }
  }
}
