/** The kinds of session encoder that can be trained and packed. */
import type { EncoderTensors } from '../../../../worker/session/encoder.js'
import { attention } from './attention.js'
import type { EncoderKind } from './encoder.js'
import { gru } from './gru.js'
import { mixed } from './mixed.js'

export const KINDS: Record<EncoderTensors['kind'], EncoderKind> = { attention, gru, mixed }

export type Kind = keyof typeof KINDS
