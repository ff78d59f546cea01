/**
 * The names of the encoder kinds. They stand in a file of their own because `hyper.ts` and `kinds.ts` both need them.
 */
import type { EncoderTensors } from '../../../worker/session/encoder.js'

export type Kind = EncoderTensors['kind']
