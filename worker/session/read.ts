/** The session encoder's tensors, read from a pack and checked for range. */
import { PackError } from '../pack/errors.js'
import type { Pack } from '../pack/pack.js'
import { values } from '../pack/values.js'
import type { AttentionTensors } from './attention.js'
import type { EncoderTensors, MixedTensors } from './encoder.js'
import type { GruTensors } from './gru.js'

/** Values of a GRU's state at most. With more, one step would take too long. */
export const MOST_STATE = 512

/** @throws PackError */
export function readEncoder(pack: Pack): EncoderTensors {
  const { encoder, dim } = pack.manifest
  const of = (name: string, ...shape: number[]) => values(pack, `encoder.${name}`, -1e6, 1e6, ...shape)
  const common = { dim, window: encoder.window, scale: values(pack, 'encoder.scale', 1e-3, 1e4, 1)[0]! }
  const kind = encoder.kind as EncoderTensors['kind']
  const attention =
    kind === 'gru' ? {} : { attention: of('attention', dim, dim), position: of('position', -1) }
  if (kind === 'attention') return { kind, ...common, ...attention } as AttentionTensors
  const output = of('output', dim, -1)
  const size = output.length / dim
  if (size > MOST_STATE) {
    throw new PackError(
      'malformed',
      `section encoder.output: a state of ${size} values, at most ${MOST_STATE} allowed`,
    )
  }
  return {
    kind,
    ...common,
    ...attention,
    inputWeights: of('inputWeights', 3 * size, dim),
    inputBias: of('inputBias', 3 * size),
    recurrentWeights: of('recurrentWeights', 3 * size, size),
    recurrentBias: of('recurrentBias', 3 * size),
    output,
  } as GruTensors | MixedTensors
}
