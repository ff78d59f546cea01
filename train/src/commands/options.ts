/** Parsers for the values of command line options. */
import { readFileSync } from 'node:fs'
import { InvalidArgumentError } from 'commander'
import type { Strengths } from '../../../worker/feedback/signals.js'
import { checkedStrengths } from '../../../worker/feedback/strengths.js'
import { parseRenames, type Renames } from '../data/columns.js'

export function integer(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (!/^\d+$/.test(text) || value < least || value > most) {
      const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`
      throw new InvalidArgumentError(`Expected a whole number ${range}.`)
    }
    return value
  }
}

/** A dimension that the training kernels support. */
export function dimension(text: string): number {
  const value = integer(8, 128)(text)
  if (value % 8 !== 0) throw new InvalidArgumentError('Expected a multiple of 8.')
  return value
}

export function renames(text: string): Renames {
  try {
    return parseRenames(text)
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message)
  }
}

/** Names such as `size,page`. */
export function names(text: string): string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean)
}

/** The file of `--strengths`: what it says, and the whole table. @throws naming the file and what is wrong in it */
export function strengthsIn(path: string): { said: Record<string, number>; strengths: Strengths } {
  const wrong: string[] = []
  try {
    const said = JSON.parse(readFileSync(path, 'utf8')) as Record<string, number>
    const strengths = checkedStrengths(said, (message) => wrong.push(message))
    if (wrong.length === 0) return { said, strengths }
  } catch (error) {
    wrong.push((error as Error).message)
  }
  throw new Error(`--strengths ${path}: ${wrong.join('; ')}`)
}

/** List lengths such as `10,20`, sorted and without duplicates. */
export function listLengths(text: string): number[] {
  const one = integer(1, 1000)
  return [...new Set(text.split(',').map((part) => one(part.trim())))].sort((a, b) => a - b)
}
