/** From what the shop wrote to what the engine needs: defaults, absolute URLs, and for each mistake what to write instead. */
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
  const { pack, consent, workerUrl } = Object(options) as Options
  if (typeof pack !== 'string' || !pack) throw missing('pack', '/packs/shop/')
  if (workerUrl === '') {
    throw missing('workerUrl', '/nearside/worker.js')
  }
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
    backend: options.backend,
    key: options.key,
    retention: options.retention,
    maxPackBytes: options.maxPackBytes,
    options: Object.keys(options),
  }
}

/** Milliseconds, from a call's own option or the client's. */
export function budget(...wanted: unknown[]): number {
  const given = wanted.find((value): value is number => typeof value === 'number' && value >= 0)
  return Math.min(given ?? 250, LONGEST)
}

/** Pages with the npm package read the same names in their call of `create`. */
function missing(option: string, value: string): Error {
  return new Error(
    `no ${option}: add data-${option.replace('Url', '')}="${value}" to the script tag, or set window.nearsideOptions = { ${option}: '${value}' } before it`,
  )
}

function packUrl(pack: string, base: string): string {
  const url = new URL(pack.endsWith('/') ? pack : `${pack}/`, base)
  if (!/^https?:$/.test(url.protocol)) throw new Error(`pack: "${url}" is not served over http or https`)
  return url.href
}
