/**
 * Loads parts of the engine into this worker. They are classic scripts, because bundlers leave `importScripts` alone, and because
 * it needs no CORS. Each sets its exports in the global `nearsideParts`.
 */
import type { Ground, Parts } from './engine/ground.js'

interface Scope {
  nearsideParts?: Partial<Parts>
  /** Where the worker was started from a Blob, which has no address: see `src/thread/spawn.ts`. */
  nearside?: { url: string; policy: Policy }
  trustedTypes?: { createPolicy(name: string, rules: Policy): Policy }
  importScripts(url: string): void
  location: { href: string }
}

interface Policy {
  createScriptURL(url: string): string
}

let policy: Policy | undefined

export const loadPart: Ground['loadPart'] = async (name, url) => {
  const scope = globalThis as unknown as Scope
  const { nearside, location, trustedTypes } = scope
  if (!scope.nearsideParts?.[name]) {
    const rules: Policy = { createScriptURL: (url) => url }
    policy ??= nearside?.policy ?? trustedTypes?.createPolicy('nearside', rules) ?? rules
    const href = url ?? new URL(`${name}.js`, nearside?.url ?? location.href).href
    scope.importScripts(policy.createScriptURL(href))
  }
  return scope.nearsideParts![name]!
}
