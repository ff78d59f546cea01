/** The strengths that a shop, or its pack, says: checked, and put over the usual ones. */
import type { Signal } from '../protocol.js'
import { STRENGTHS, type Strengths } from './signals.js'

/** The weakest interest that is one. A step without any would be no step. */
const LEAST = 0.01

/**
 * @param given from outside: a number for each signal that differs
 * @param trouble is told what is wrong, in words; it is then ignored
 */
export function checkedStrengths(given: unknown, trouble: (message: string) => void = () => {}): Strengths {
  const checked: Record<string, number> = { ...STRENGTHS }
  for (const [name, value] of Object.entries(given ?? {})) {
    const usual = checked[name]
    // What speaks for an item never speaks against it, and the other way round.
    const [least, most] = !usual ? [0, 0] : usual < 0 ? [-1, 0] : [LEAST, 1]
    if (!Object.hasOwn(checked, name)) trouble(`there is no signal ${name}`)
    else if (value >= least && value <= most && typeof value === 'number') checked[name] = value
    else trouble(`${name} is ${shown(value)}, expected ${least} to ${most}`)
  }
  return checked as Record<Signal, number>
}

function shown(value: unknown): unknown {
  if (typeof value === 'string') return `"${value}"`
  return typeof value === 'number' ? value : `of type ${typeof value}`
}
