/**
 * A pack's self-test: synthetic sequences whose scan must come out to the integer as it did when the pack was made,
 * on the backend that will serve. Run before a pack is switched to.
 */
import type { Golden } from './pack/manifest.js'
import { gather, type Model, viewsOf } from './rank/evidence.js'

/** What a golden sequence's scan gives now. */
export function golden(model: Model, rows: number[], depth: number): Golden {
  const best = gather(model, viewsOf(rows)).dense?.best
  return {
    rows,
    top: [...(best?.rows ?? [])].slice(0, depth),
    scores: [...(best?.scores ?? [])].slice(0, depth),
  }
}

/** Undefined when all sequences agree, else which differs and how. */
export function disagreement(model: Model, expected: readonly Golden[]): string | undefined {
  for (const [index, { rows, top, scores }] of expected.entries()) {
    const got = golden(model, rows, top.length)
    if (`${got.top}` !== `${top}` || `${got.scores}` !== `${scores}`) {
      return `golden sequence ${index}: expected rows ${top.slice(0, 5)}, got ${got.top.slice(0, 5)}`
    }
  }
  return undefined
}
