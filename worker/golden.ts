/**
 * A pack's self-test: for synthetic sequences, the scan on this device must give exactly the integers that it gave when
 * the pack was made. It runs before a new pack is used.
 */
import type { Golden } from './pack/manifest.js'
import { gather, type ServingModel, viewsOf } from './rank/evidence.js'

/** What the scan gives for a sequence here. */
export function golden(model: ServingModel, rows: number[], depth: number): Golden {
  const best = gather(model, viewsOf(rows)).dense?.best
  return {
    rows,
    top: [...(best?.rows ?? [])].slice(0, depth),
    scores: [...(best?.scores ?? [])].slice(0, depth),
  }
}

/** Undefined when all sequences agree, else which one differs and how. */
export function disagreement(model: ServingModel, expected: readonly Golden[]): string | undefined {
  for (const [index, { rows, top, scores }] of expected.entries()) {
    const got = golden(model, rows, top.length)
    if (`${got.top}` !== `${top}` || `${got.scores}` !== `${scores}`) {
      return `golden sequence ${index}: expected rows ${top.slice(0, 5)}, got ${got.top.slice(0, 5)}`
    }
  }
  return undefined
}
