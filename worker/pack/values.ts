/** Reads numbers of a pack that are used in calculations. They are 32-bit floats, and their range is checked first. */
import { PackError } from './errors.js'
import type { Pack } from './pack.js'

/**
 * Reads a raw f32 section, row-major. All its values must be between `least` and `most`.
 * @param shape that the section must have; -1 stands for any size
 * @throws PackError if a value is outside the range, or is not a number
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
