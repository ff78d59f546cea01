/**
 * A pack's self-test: synthetic sequences whose scan must come out to the integer as it did when the pack was made,
 * on the backend that will serve. Run before a pack is switched to.
 */
import type { Golden } from '../pack/manifest.js'
import { gather, type Model } from './evidence.js'

/** What a golden sequence's scan gives now. */
export function golden(model: Model, rows: readonly number[], depth: number): Golden {
  const { dense } = gather(
    model,
    rows.map((row) => ({ row, weight: 1 })),
  )
  return {
    rows: [...rows],
    top: Array.from(dense?.best.rows.subarray(0, depth) ?? []),
    scores: Array.from(dense?.best.scores.subarray(0, depth) ?? []),
  }
}

/** Undefined when all sequences agree, else which differs and how. */
export function disagreement(model: Model, expected: readonly Golden[]): string | undefined {
  for (const [index, { rows, top, scores }] of expected.entries()) {
    const got = golden(model, rows, top.length)
    const same = top.every((row, i) => row === got.top[i] && scores[i] === got.scores[i])
    if (!same || got.top.length !== top.length) {
      return `golden sequence ${index}: expected rows ${top.slice(0, 5)}, got ${got.top.slice(0, 5)}`
    }
  }
  return undefined
}
