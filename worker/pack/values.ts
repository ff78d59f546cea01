/** Numbers of a pack that go into arithmetic: read as 32-bit floats and checked for range first. */
import { PackError } from './errors.js'
import type { Pack } from './pack.js'

/**
 * A raw f32 section whose values all lie between `least` and `most`, row-major.
 * @param shape expected; -1 stands for any size
 * @throws PackError when a value is outside the range, or is not a number
 */
export function values(
  pack: Pack,
  name: string,
  least: number,
  most: number,
  ...shape: number[]
): Float32Array {
  const array = pack.array(name, 'f32', ...shape)
  for (const value of array) {
    if (!(value >= least && value <= most)) {
      throw new PackError('malformed', `section ${name} holds ${value}, expected ${least} to ${most}`)
    }
  }
  return array
}
