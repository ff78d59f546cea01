/** The trained tensors of a pack, checked for range: nothing that is not a number may reach the arithmetic. */
import { type Blend, BUCKETS, type EvenWeights } from '../rank/blend.js'
import { HABITS } from '../rank/repeats.js'
import type { AttentionTensors } from '../session/attention.js'
import type { EncoderTensors, MixedTensors } from '../session/encoder.js'
import type { GruTensors } from '../session/gru.js'
import { PackError } from './errors.js'
import type { Pack } from './pack.js'

/** A step of a larger state would take too long. */
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

/** @throws PackError */
export function readBlend(pack: Pack): Blend {
  const t = pack.manifest.tables.length
  const of = (name: string, least: number, most: number, ...shape: number[]) =>
    values(pack, `blend.${name}`, least, most, ...shape)
  const even = (b: number): EvenWeights => {
    const size = 4 + 2 * t
    const all = [...of('even', 0, 1e12, 2, size)].slice(b * size, b * size + size)
    const [dense, denseExponent, again, againExponent, ...tables] = all as [number, number, number, number]
    return {
      dense,
      denseExponent,
      again,
      againExponent,
      table: tables.slice(0, t),
      tableExponent: tables.slice(t),
      profile: 0,
      server: of('server', -1e3, 1e3, BUCKETS)[0]!,
    }
  }
  return {
    buckets: Array.from({ length: BUCKETS }, (_, b) => {
      const one = (name: string, least: number, most: number) => of(name, least, most, BUCKETS)[b]!
      const row = (name: string, most: number) => [
        ...of(name, 0, most, BUCKETS, t).subarray(b * t, b * t + t),
      ]
      return {
        dense: one('dense', 0, 1e12),
        denseExponent: one('denseExponent', 0, 100),
        table: row('table', 1e12),
        tableExponent: row('tableExponent', 100),
        profile: one('profile', 0, 1e6),
        again: pack.has('blend.again') ? one('again', 0, 1e12) : 0,
        server: one('server', -1e3, 1e3),
      }
    }),
    ...(pack.has('blend.even') && { even: [0, 1].map(even) as NonNullable<Blend['even']> }),
    repeat: of('repeat', -100, 100, -1),
    habit: pack.has('blend.habit') ? of('habit', -100, 100, HABITS) : new Float32Array(HABITS),
    rareBias: of('rareBias', -1e4, 1e4, 1)[0]!,
    tableDecay: of('tableDecay', 0, 1, 1)[0]!,
    tableWindow: Math.round(of('tableWindow', 1, 1000, 1)[0]!),
  }
}

function values(pack: Pack, name: string, least: number, most: number, ...shape: number[]): Float32Array {
  const array = pack.array(name, 'f32', ...shape)
  for (const value of array) {
    if (!(value >= least && value <= most)) {
      throw new PackError('malformed', `section ${name} holds ${value}, expected ${least} to ${most}`)
    }
  }
  return array
}
