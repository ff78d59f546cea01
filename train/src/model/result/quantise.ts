/**
 * Turns floats into the integer codes of a pack. First the space is rotated to its principal axes. This changes no
 * product of vectors, and the compression that follows (brotli) then needs few bits for the many axes that matter
 * little. Then all values are rounded to multiples of one global step.
 */
import { EXCLUDED } from '../../../../worker/compute/scorer.js'
import type { EncoderTensors } from '../../../../worker/session/encoder.js'
import { KINDS } from '../../encoders/kinds.js'
import { secondMoment } from '../../maths/subspace.js'
import { eigen } from '../../maths/symmetric.js'
import { turnRows } from '../../maths/turn.js'
import type { FactColumns, PackContent } from '../../pack/content.js'
import type { TrainedModel } from './trained-model.js'

/**
 * The step of biases, in logits: they are stored to within half of it. It is larger if the range of biases needs it.
 */
const BIAS_STEP = 0.05
/**
 * Mantissa bits that encoder weights keep: each number is right to 1/64 of its size. Two more bits change no figure.
 */
const MANTISSA = 5

/** @param facts what the catalogue says about the items, in the pack; null for nothing */
export function quantise(model: TrainedModel, facts: FactColumns | null): PackContent {
  const { dim, vectors, step } = model
  const n = model.ids.length
  const axes = model.frame ? identity(dim) : principalAxes(model)
  const codes = new Int8Array(n * dim)
  turnRows(vectors, dim, axes, (turned, row) => {
    for (let i = 0; i < turned.length; i++) {
      codes[row * dim + i] = Math.max(-127, Math.min(127, Math.round(turned[i]! / step)))
    }
  })
  let largest = 0
  for (let i = 0; i < n; i++) if (!model.hidden[i]) largest = Math.max(largest, Math.abs(model.bias[i]!))
  const biasStep = model.frame?.biasStep ?? Math.max(BIAS_STEP, largest / 127)
  const bias = new Int8Array(n)
  for (let i = 0; i < n; i++) {
    const code = Math.round(model.bias[i]! / biasStep)
    bias[i] = model.hidden[i] ? EXCLUDED : Math.max(-127, Math.min(127, code))
  }
  return {
    dim,
    ids: model.ids,
    codes,
    step,
    bias,
    biasStep,
    popularity: model.popularity,
    tables: model.tables,
    encoder: coarser(KINDS[model.encoder.kind].rotated(model.encoder, axes)),
    blend: model.blend,
    stage: model.stage,
    similar: model.similar,
    minSessions: model.minSessions,
    facts,
    lineage: model.lineage,
  }
}

/** The encoder with all numbers rounded to MANTISSA bits. The zero bits behind them take no space after compression. */
function coarser(encoder: EncoderTensors): EncoderTensors {
  const entries = Object.entries(encoder).map(([name, value]) => {
    if (!(value instanceof Float32Array)) return [name, value]
    const out = value.slice()
    const words = new Uint32Array(out.buffer)
    const dropped = 23 - MANTISSA
    words.forEach((word, i) => {
      words[i] = (((word >>> (dropped - 1)) + 1) >>> 1) << dropped
    })
    return [name, out]
  })
  return Object.fromEntries(entries)
}

function identity(dim: number): Float64Array {
  const out = new Float64Array(dim * dim)
  for (let d = 0; d < dim; d++) out[d * dim + d] = 1
  return out
}

/** dim*dim; column j is the j-th principal axis of the items that scans return. */
function principalAxes({ dim, vectors, hidden }: TrainedModel): Float64Array {
  return eigen(secondMoment(vectors, dim, hidden), dim).vectors
}
