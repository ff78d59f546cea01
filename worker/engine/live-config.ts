/** Where the live file is, as the page says it: an address, or an object with one. */
import type { EngineConfig, LiveConfig } from '../protocol.js'

/** Addresses are relative to the page. The part that reads the file is beside the worker's file, where the page knows that. */
export function liveOf({ live, context, workerUrl }: EngineConfig): LiveConfig | undefined {
  const given = typeof live === 'string' ? { url: live } : live
  if (typeof given?.url !== 'string' || !given.url) return undefined
  const absolute = (address: string, base = context?.url) =>
    URL.canParse(address, base) ? new URL(address, base).href : address
  const beside =
    typeof workerUrl === 'string' && workerUrl ? absolute('live.js', absolute(workerUrl)) : undefined
  const script = typeof given.script === 'string' ? absolute(given.script) : beside
  return { ...given, url: absolute(given.url), script }
}
