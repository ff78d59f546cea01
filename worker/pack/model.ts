/** The trained tensors of a pack, checked for range: nothing that is not a number may reach the arithmetic. */
import { type Blend, BUCKETS } from '../rank/blend.js'
import type { AttentionTensors } from '../session/encoder.js'
import { PackError } from './errors.js'
import type { Pack } from './pack.js'

/** @throws PackError */
export function readEncoder(pack: Pack): AttentionTensors {
  const { encoder, dim } = pack.manifest
  const position = values(pack, 'encoder.position', -1e4, 1e4)
  if (position.length === 0) throw new PackError('malformed', 'section encoder.position is empty')
  return {
    kind: 'attention',
    dim,
    window: encoder.window,
    attention: values(pack, 'encoder.attention', -1e6, 1e6),
    position,
    scale: values(pack, 'encoder.scale', 1e-3, 1e4)[0]!,
  }
}

/** @throws PackError */
export function readBlend(pack: Pack): Blend {
  const tables = pack.manifest.tables.length
  const one = (name: string, least: number, most: number) => values(pack, `blend.${name}`, least, most)
  const dense = one('dense', 0, 1e12)
  const denseExponent = one('denseExponent', 0, 100)
  const table = one('table', 0, 1e12)
  const tableExponent = one('tableExponent', 0, 100)
  const profile = one('profile', 0, 1e6)
  const server = one('server', -1e3, 1e3)
  const ofBucket = (all: Float32Array, bucket: number) =>
    Array.from(all.subarray(bucket * tables, (bucket + 1) * tables))
  return {
    buckets: Array.from({ length: BUCKETS }, (_, b) => ({
      dense: dense[b]!,
      denseExponent: denseExponent[b]!,
      table: ofBucket(table, b),
      tableExponent: ofBucket(tableExponent, b),
      profile: profile[b]!,
      server: server[b]!,
    })),
    repeat: one('repeat', -100, 100),
    rareBias: one('rareBias', -1e4, 1e4)[0]!,
    tableDecay: one('tableDecay', 0, 1)[0]!,
    tableWindow: Math.round(one('tableWindow', 1, 1000)[0]!),
  }
}

function values(pack: Pack, name: string, least: number, most: number): Float32Array {
  const array = pack.array(name, 'f32')
  for (const value of array) {
    if (!(value >= least && value <= most)) {
      throw new PackError('malformed', `section ${name} holds ${value}, expected ${least} to ${most}`)
    }
  }
  return array
}
