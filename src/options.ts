/** Turns the shop's options into what the engine needs. For each mistake, the message says what to write instead. */
import type { Decision, EngineConfig } from '../worker/protocol.js'
import type { Options } from './api.js'
import { amount } from './id.js'
import { plain } from './plain.js'

/** The longest delay of setTimeout in milliseconds. With a longer one it fires at once. */
const LONGEST = 2 ** 31 - 1

const CONSENT = ['auto', 'granted', 'denied', 'unknown']

/**
 * @param document of the page, where names in the HTML hide no properties
 * @throws Error that says what to write instead
 */
export function engineConfig(
  options: Options,
  consent: Decision,
  { baseURI, referrer, URL: url }: Pick<Document, 'baseURI' | 'referrer' | 'URL'>,
): EngineConfig {
  const { pack, consent: given = 'auto', workerUrl } = Object(options) as Options
  if (typeof pack !== 'string' || !pack) throw wrong('pack', pack, '/packs/shop/')
  if (workerUrl === '') throw wrong('workerUrl', workerUrl, '/nearside/worker.js')
  if (!CONSENT.includes(given)) throw wrong('consent', given, CONSENT.join(' or '))
  const { href, protocol } = new URL(pack.endsWith('/') ? pack : `${pack}/`, baseURI)
  if (!/^https?:$/.test(protocol)) throw wrong('pack', href, 'an http(s) address')
  return {
    // The engine takes what it knows and checks it.
    ...(plain(options) as Options),
    pack: href,
    consent,
    context: { url, referrer, width: globalThis.innerWidth },
    options: Object.keys(options),
  }
}

/** Milliseconds: the first of the given values that is a valid budget. */
export function budget(...wanted: unknown[]): number {
  const given = wanted.map(amount).find((ms) => ms >= 0)
  return Math.min(given ?? 250, LONGEST)
}

function wrong(option: string, given: unknown, expected: string): Error {
  return new Error(
    `${option} is "${given}", expected ${expected} in create(), window.nearsideOptions or data-${option.replace('Url', '')}`,
  )
}
