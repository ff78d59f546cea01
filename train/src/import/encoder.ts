/**
 * Reads session encoders that were trained elsewhere into the form that the engine uses (worker/session). Two kinds
 * are recognised by the names of their tensors, which may have a prefix (`gru.weight_ih_l0`):
 *
 *     GRU, as PyTorch's nn.GRU of one layer saves it, for inputs of D values and H of state
 *       weight_ih_l0 [3H, D]   weight_hh_l0 [3H, H]   bias_ih_l0 [3H]   bias_hh_l0 [3H]   (biases may be missing)
 *       and, as nn.Linear: output.weight [D, H]   output.bias [D]   (may be missing where H = D)
 *     attention, in nearside's own form
 *       attention [D, D]   position [distances]
 *
 * Both may have `scale` [1], the inverse temperature. A file with both kinds gives the kind `mixed`, whose session
 * vector is the direction of the sum of the two.
 */

import type { AttentionTensors } from '../../../worker/session/attention.js'
import type { EncoderTensors } from '../../../worker/session/encoder.js'
import type { GruTensors } from '../../../worker/session/gru.js'
import { MOST_STATE } from '../../../worker/session/read.js'
import type { Safetensors } from './safetensors.js'

/** The start value of the inverse temperature if the file has none. */
const SCALE = 12
/** A bias that decides a gate alone: the sigmoid and the tanh of this are 1 to 7 digits. */
const SURE = 20
/** Kernels need rows whose length is a multiple of this. */
const LANES = 8

/** Names of a file's tensors that belong to an encoder. */
const NAMES = {
  gru: ['weight_ih_l0', 'weight_hh_l0', 'bias_ih_l0', 'bias_hh_l0', 'output.weight', 'output.bias'],
  attention: ['attention', 'position'],
  either: ['scale'],
}

/** Whether a tensor with this name belongs to an encoder. */
export function isOfEncoder(name: string): boolean {
  return Object.values(NAMES).some((names) => names.some((known) => endsWith(name, known)))
}

/**
 * @param dim D, the number of values in an item vector
 * @param window how many steps of a session the encoder will read
 * @returns null if the file has no encoder
 * @throws when its shape does not fit the vectors, or when the engine cannot run it
 */
export function readEncoder(file: Safetensors, dim: number, window: number): EncoderTensors | null {
  const found = (name: string) => only(file, name)
  const gru = found('weight_ih_l0')
  const attention = found('attention')
  if (gru === undefined && attention === undefined) return null
  const scaleName = found('scale')
  const scale = scaleName === undefined ? SCALE : shaped(file, scaleName, [1])[0]!
  if (!(scale > 0)) throw new Error(`${file.at(scaleName!)} is ${scale}, expected more than 0`)
  const common = { dim, window, scale }
  if (gru === undefined) return readAttention(file, common)
  const recurrent = readGru(file, gru, common)
  return attention === undefined ? recurrent : { ...readAttention(file, common), ...recurrent, kind: 'mixed' }
}

type Common = Pick<EncoderTensors, 'dim' | 'window' | 'scale'>

function readAttention(file: Safetensors, common: Common): AttentionTensors {
  const { dim, window } = common
  const attention = shaped(file, only(file, 'attention')!, [dim, dim])
  const name = only(file, 'position')
  const given = name === undefined ? new Float32Array(1) : shaped(file, name, [null])
  if (given.length === 0) throw new Error(`${file.at(name!)} is empty, expected a value for each distance`)
  // Larger distances use the last value.
  const position = Float32Array.from({ length: window }, (_, d) => given[Math.min(d, given.length - 1)]!)
  return { kind: 'attention', ...common, attention, position }
}

function readGru(file: Safetensors, first: string, common: Common): GruTensors {
  const { dim } = common
  for (const more of ['weight_ih_l1', 'weight_ih_l0_reverse', 'weight_hr_l0']) {
    const name = only(file, more)
    if (name !== undefined) {
      throw new Error(`${file.at(name)}: expected a GRU of one layer and one direction`)
    }
  }
  const [gates = 0] = file.tensors.get(first)!.shape
  if (gates === 0 || gates % 3 !== 0) {
    throw new Error(`${file.at(first)} has ${gates} rows, expected three times the size of the state`)
  }
  const size = gates / 3
  if (size > MOST_STATE - LANES) {
    throw new Error(
      `${file.at(first)}: a state of ${size} values, at most ${MOST_STATE - LANES} fit into a pack`,
    )
  }
  const read = (name: string, ...shape: number[]) => {
    const full = only(file, name)
    return full === undefined ? undefined : shaped(file, full, shape)
  }
  const inputWeights = shaped(file, first, [gates, dim])
  const recurrent = read('weight_hh_l0', gates, size)
  if (!recurrent) throw new Error(`${file.name}: expected the tensor weight_hh_l0 beside ${first}`)
  const output = read('output.weight', dim, size)
  if (!output && size !== dim) {
    throw new Error(
      `${file.name}: the GRU's state has ${size} values and item vectors ${dim}; expected a tensor output.weight of [${dim}, ${size}]`,
    )
  }
  return widened(
    {
      kind: 'gru',
      ...common,
      inputWeights,
      inputBias: read('bias_ih_l0', gates) ?? new Float32Array(gates),
      recurrentWeights: recurrent,
      recurrentBias: read('bias_hh_l0', gates) ?? new Float32Array(gates),
      output: output ?? identity(dim),
    },
    read('output.bias', dim),
  )
}

/**
 * The same encoder with a state whose size is a multiple of LANES, as kernels need it. The added values stay 0. There
 * is one exception: our encoder has no output bias, so if the given one has, the first added value is 1 from the
 * first step on, and the bias becomes its column of the output.
 */
function widened(from: GruTensors, outputBias: Float32Array | undefined): GruTensors {
  const { dim } = from
  const size = from.output.length / dim
  const biased = outputBias?.some((value) => value !== 0) ? 1 : 0
  const wide = Math.ceil((size + biased) / LANES) * LANES
  if (wide === size) return from
  const gate = (values: Float32Array, columns: number, wideColumns: number) => {
    const out = new Float32Array(3 * wide * wideColumns)
    for (let g = 0; g < 3; g++) {
      for (let i = 0; i < size; i++) {
        const row = values.subarray((g * size + i) * columns, (g * size + i + 1) * columns)
        out.set(row, (g * wide + i) * wideColumns)
      }
    }
    return out
  }
  const inputBias = gate(from.inputBias, 1, 1)
  const output = new Float32Array(dim * wide)
  for (let d = 0; d < dim; d++) {
    output.set(from.output.subarray(d * size, (d + 1) * size), d * wide)
    if (biased) output[d * wide + size] = outputBias![d]!
  }
  if (biased) {
    // This value forgets its old state at once (z = 0) and becomes 1.
    inputBias[wide + size] = -SURE
    inputBias[2 * wide + size] = SURE
  }
  return {
    ...from,
    inputWeights: gate(from.inputWeights, dim, dim),
    inputBias,
    recurrentWeights: gate(from.recurrentWeights, size, wide),
    recurrentBias: gate(from.recurrentBias, 1, 1),
    output,
  }
}

function identity(dim: number): Float32Array {
  return Float32Array.from({ length: dim * dim }, (_, at) => (at % (dim + 1) === 0 ? 1 : 0))
}

/**
 * The full name of the only tensor that has this name, with or without a prefix; undefined if there is none.
 * @throws when there are several
 */
function only(file: Safetensors, name: string): string | undefined {
  const found = [...file.tensors.keys()].filter((full) => endsWith(full, name))
  if (found.length > 1) {
    throw new Error(
      `${file.name}: the tensors ${found.map((full) => JSON.stringify(full)).join(' and ')} are both a ${name}; keep one`,
    )
  }
  return found[0]
}

function endsWith(full: string, name: string): boolean {
  return full === name || full.endsWith(`.${name}`)
}

/**
 * The values of a tensor.
 * @param expected its shape, with null for any length
 * @throws when the tensor has another shape
 */
function shaped(file: Safetensors, name: string, expected: (number | null)[]): Float32Array {
  const { shape } = file.tensors.get(name)!
  if (shape.length !== expected.length || expected.some((side, i) => side !== null && side !== shape[i])) {
    const wanted = expected.map((side) => side ?? 'any').join(', ')
    throw new Error(`${file.at(name)} has the shape [${shape.join(', ')}], expected [${wanted}]`)
  }
  return file.read(name)
}
