/** Everything that training changes. All rare items share one token, which has the number `items`. */
import type { Memory } from '../../../kernels/memory.js'
import type { LoopState } from '../../checkpoint/checkpoint.js'
import type { Hyper } from '../../encoders/hyper.js'
import { KINDS } from '../../encoders/kinds.js'
import {
  mapped,
  placeOf,
  type Tensor,
  type TensorPlace,
  type Tensors,
  tensor,
  tensorAt,
} from '../../encoders/tensor.js'

/** How many of the most recent distinct items have a repeat term. */
export const REPEATS = 10

export interface Parameters {
  /** tokens*dim, unit rows. */
  items: Tensor
  bias: Tensor
  repeat: Tensor
  /** The first value is ln of the inverse temperature. */
  scale: Tensor
  /** The tensors of the encoder, by name. */
  encoder: Tensors
}

export interface ParameterPlaces {
  items: TensorPlace
  bias: TensorPlace
  repeat: TensorPlace
  scale: TensorPlace
  encoder: Record<string, TensorPlace>
}

export function newParameters(memory: Memory, items: number, hyper: Hyper): Parameters {
  const parameters = {
    items: tensor(memory, (items + 1) * hyper.dim),
    bias: tensor(memory, items + 1),
    repeat: tensor(memory, REPEATS),
    scale: tensor(memory, 1),
    encoder: KINDS[hyper.encoder].start(memory, hyper),
  }
  parameters.scale.w.data[0] = Math.log(hyper.scale)
  return parameters
}

/** All arrays that a training loop changes, for the checkpoint. */
export function stateOf({ items, bias, repeat, scale, encoder }: Parameters): LoopState {
  const all = [items, bias, repeat, scale, ...Object.values(encoder)]
  return { values: all.map(({ w }) => w.data), moments: all.flatMap(({ m, v }) => [m.data, v.data]) }
}

export function parameterPlaces(parameters: Parameters): ParameterPlaces {
  return {
    items: placeOf(parameters.items),
    bias: placeOf(parameters.bias),
    repeat: placeOf(parameters.repeat),
    scale: placeOf(parameters.scale),
    encoder: mapped(parameters.encoder, placeOf),
  }
}

export function parametersAt(memory: Memory, places: ParameterPlaces): Parameters {
  return {
    items: tensorAt(memory, places.items),
    bias: tensorAt(memory, places.bias),
    repeat: tensorAt(memory, places.repeat),
    scale: tensorAt(memory, places.scale),
    encoder: mapped(places.encoder, (place) => tensorAt(memory, place)),
  }
}
