/** The blend's parameters, read from a pack and checked for range. */
import type { Pack } from '../pack/pack.js'
import { values } from '../pack/values.js'
import { type Blend, BUCKETS, type EvenWeights } from './blend.js'
import { HABITS } from './repeats.js'

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
