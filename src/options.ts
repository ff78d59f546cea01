/** From what the shop wrote to what the engine needs: defaults, absolute URLs, and for each mistake what to write instead. */
import type { Decision, EngineConfig } from '../worker/protocol.js'
import type { Options } from './api.js'

/** Names of all options. */
export const OPTIONS: readonly string[] = Object.keys({
  pack: 0,
  consent: 0,
  remember: 0,
  timeout: 0,
  key: 0,
  backend: 0,
  retention: 0,
  maxPackBytes: 0,
  workerUrl: 0,
  debug: 0,
} satisfies Record<keyof Options, 0>)

/** Beyond this setTimeout fires at once. */
const LONGEST = 2 ** 31 - 1

const CONSENT = ['auto', 'granted', 'denied', 'unknown']

/**
 * What can be said of the options without touching the page. An unknown one gets a warning in the console.
 *
 * @throws Error that says what to write instead
 */
export function checkOptions(options: Options): void {
  const unknown = unknownOptions(options)
  if (unknown.length > 0) {
    console.warn(`nearside: unknown option ${unknown.join(', ')}. Options are ${OPTIONS.join(', ')}.`)
  }
  if (typeof options?.pack !== 'string' || !options.pack) {
    throw new Error(`no pack: ${mend('pack', '/packs/shop/')}`)
  }
  const { consent, workerUrl } = options
  if (workerUrl === '') {
    throw new Error(`unknown where worker.js is: ${mend('workerUrl', '/nearside/worker.js')}`)
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
  }
}

/** Milliseconds, from a call's own option or the client's. */
export function budget(...wanted: unknown[]): number {
  const given = wanted.find((value): value is number => typeof value === 'number' && value >= 0)
  return Math.min(given ?? 250, LONGEST)
}

/** Pages with the npm package read the same names in their call of `create`. */
function mend(option: string, value: string): string {
  return `add data-${option.replace('Url', '')}="${value}" to the script tag, or set window.nearsideOptions = { ${option}: '${value}' } before it`
}

export function unknownOptions(options: unknown): string[] {
  return Object.keys(Object(options)).filter((name) => !OPTIONS.includes(name))
}

function packUrl(pack: string, base: string): string {
  const url = new URL(pack.endsWith('/') ? pack : `${pack}/`, base)
  if (!/^https?:$/.test(url.protocol)) throw new Error(`pack: "${url}" is not served over http or https`)
  return url.href
}
