/**
 * Loads parts of the engine into this worker. They are classic scripts, because bundlers leave `importScripts` alone, and because
 * it needs no CORS. Each sets its exports in the global `nearsideParts`.
 */
import type { Ground, Parts } from './engine/ground.js'

interface Scope {
  nearsideParts?: Partial<Parts>
  /** The address of the worker's script, because where the worker was started from a Blob, `location` does not have it. */
  name: string
  /** Where the worker was started from a Blob, on a page with Trusted Types: see `src/thread/spawn.ts`. */
  policy?: Policy
  trustedTypes?: { createPolicy(name: string, rules: Policy): Policy }
  importScripts(url: string): void
}

interface Policy {
  createScriptURL(url: string): string
}

let policy: Policy | undefined
/** Files that did not load. The console names each once, although it may be asked for again. */
const missing = new Set<string>()

export const loadPart: Ground['loadPart'] = async (name, url) => {
  const scope = globalThis as unknown as Scope
  const { trustedTypes } = scope
  if (!scope.nearsideParts?.[name]) {
    const rules: Policy = { createScriptURL: (url) => url }
    const href = url ?? new URL(`${name}.js`, scope.name).href
    try {
      policy ??= scope.policy ?? trustedTypes?.createPolicy('nearside', rules) ?? rules
      scope.importScripts(policy.createScriptURL(href))
    } catch (error) {
      if (!missing.has(name)) console.warn(`nearside: ${name}.js did not load; serve it beside worker.js`)
      missing.add(name)
      throw error
    }
  }
  return scope.nearsideParts![name]!
}
