/**
 * The encoder kind `gru`: a gated recurrent unit (Cho et al. 2014) that reads the items in their order, as GRU4Rec does
 * (Hidasi et al. 2016). Layout and order of the gates (r, z, n) are those of PyTorch's nn.GRU:
 *
 *     r = sigmoid(W_r x + b_r + U_r h + c_r)
 *     z = sigmoid(W_z x + b_z + U_z h + c_z - ln(weight))
 *     n = tanh(W_n x + b_n + r * (U_n h + c_n))
 *     h = (1 - z) * n + z * h, at first 0
 *     s = normalise(output h)
 *
 * A signal of strength w multiplies the odds of writing against keeping, (1 - z) / z, by w. A view (w = 1) is plain
 * nn.GRU, and a weak signal hardly moves the state.
 */
import { exp } from '../compute/exp.js'
import { dot, normalise } from '../compute/vector.js'
import type { EncoderCommon, Reading, Step } from './kind.js'

/** H is the size of the state. All row-major. */
export interface GruTensors extends EncoderCommon {
  kind: 'gru'
  /** W, b: Float32Arrays of 3H*dim and 3H. */
  inputWeights: Float32Array
  inputBias: Float32Array
  /** U, c: Float32Arrays of 3H*H and 3H. */
  recurrentWeights: Float32Array
  recurrentBias: Float32Array
  /** Float32Array of dim*H. */
  output: Float32Array
}

/** A step's weight is how much of the state it wrote and later steps kept, averaged over the values of the state. */
export function recur(
  t: Omit<GruTensors, 'kind'>,
  steps: readonly Step[],
  vectors: readonly Float32Array[],
): Reading {
  const size = t.output.length / t.dim
  let weights: number[] = []
  let state = new Float32Array(size)
  steps.forEach(({ weight }, j) => {
    let kept = 0
    state = state.map((h, i) => {
      const [ri, zi, ni] = gates(t.inputWeights, vectors[j]!, t.inputBias, i)
      const [rh, zh, nh] = gates(t.recurrentWeights, state, t.recurrentBias, i)
      const z = sigmoid(zi + zh - Math.log(weight))
      const n = 2 * sigmoid(2 * (ni + sigmoid(ri + rh) * nh)) - 1
      kept += z / size
      return n + z * (h - n)
    })
    weights = [...weights.map((share) => share * kept), 1 - kept]
  })
  return {
    vector: normalise(Float64Array.from({ length: t.dim }, (_, d) => dot(t.output, state, d * size))),
    weights,
  }
}

/** What value `i` of each gate gets from `v`: matrix * v + bias. */
function gates(
  matrix: Float32Array,
  v: Float32Array,
  bias: Float32Array,
  i: number,
): [r: number, z: number, n: number] {
  const size = bias.length / 3
  const next = size * v.length
  let [r, z, n] = [bias[i]!, bias[i + size]!, bias[i + 2 * size]!]
  // One loop for all three: the sums are independent, so the processor can work on them at the same time.
  for (let d = 0, at = i * v.length; d < v.length; d++, at++) {
    r += matrix[at]! * v[d]!
    z += matrix[at + next]! * v[d]!
    n += matrix[at + 2 * next]! * v[d]!
  }
  return [r, z, n]
}

function sigmoid(x: number): number {
  return 1 / (1 + exp(-x))
}
