/** The kinds of session encoder that can be trained and packed. */

import { attention } from './attention.js'
import type { EncoderKind } from './encoder.js'
import { gru } from './gru.js'
import type { Kind } from './kind.js'
import { mixed } from './mixed.js'

export const KINDS: Record<Kind, EncoderKind> = { attention, gru, mixed }
