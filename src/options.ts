/** From what the shop wrote to what the engine needs: defaults, absolute URLs, and a mend for each mistake. */
import type { Decision, EngineConfig } from '../worker/protocol.js'
import type { Options } from './api.js'

/** Beyond this setTimeout fires at once. */
const LONGEST = 2 ** 31 - 1

const CONSENT = ['auto', 'granted', 'denied', 'unknown']

/**
 * What can be said of the options without touching the page.
 *
 * @throws Error that says what to write instead
 */
export function checkOptions(options: Options): void {
  if (typeof options?.pack !== 'string' || !options.pack) {
    throw new Error(
      `pack: expected the URL of a pack's folder, as in pack: '/packs/shop/' or data-pack="/packs/shop/"`,
    )
  }
  const { consent } = options
  if (consent !== undefined && !CONSENT.includes(consent)) {
    throw new Error(`consent: expected one of ${CONSENT.join(', ')}, got "${consent}"`)
  }
}

/**
 * @param base what relative URLs are relative to: the page's own
 * @throws Error that says what to write instead
 */
export function engineConfig(options: Options, consent: Decision, base: string): EngineConfig {
  return {
    pack: packUrl(options.pack, base),
    consent,
    backend: options.backend ?? 'auto',
    ...(options.key ? { key: options.key } : {}),
    retention: { days: options.retention?.days ?? 180, events: options.retention?.events ?? 5000 },
    maxPackBytes: options.maxPackBytes ?? 64 * 2 ** 20,
  }
}

/** Milliseconds, from a call's own option or the client's. */
export function budget(...wanted: unknown[]): number {
  const given = wanted.find((value): value is number => typeof value === 'number' && value >= 0)
  return Math.min(given ?? 250, LONGEST)
}

function packUrl(pack: string, base: string): string {
  const url = new URL(pack.endsWith('/') ? pack : `${pack}/`, base)
  if (!/^https?:$/.test(url.protocol)) throw new Error(`pack: "${url}" is not served over http or https`)
  return url.href
}
