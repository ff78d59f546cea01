/** Turns the shop's options into what the engine needs. For each mistake, the message says what to write instead. */
import type { Decision, EngineConfig } from '../worker/protocol.js'
import type { Options } from './api.js'
import { plain } from './plain.js'

/** The longest delay of setTimeout in milliseconds. With a longer one it fires at once. */
const LONGEST = 2 ** 31 - 1

const CONSENT = ['auto', 'granted', 'denied', 'unknown']

/**
 * Checks what can be checked without touching the page.
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
 * @param base the page's base URL, which relative URLs start from
 * @throws Error that says what to write instead
 */
export function engineConfig(options: Options, consent: Decision, base: string): EngineConfig {
  return {
    // The engine takes what it knows and checks it.
    ...(plain(options) as Options),
    pack: packUrl(options.pack, base),
    consent,
    options: Object.keys(options),
  }
}

/** Milliseconds: the first of the given values that is a valid budget. */
export function budget(...wanted: unknown[]): number {
  const given = wanted.find((value): value is number => typeof value === 'number' && value >= 0)
  return Math.min(given ?? 250, LONGEST)
}

/** The message speaks of the script tag. With npm, the same names are options of `create`. */
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
