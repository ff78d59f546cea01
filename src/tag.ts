/**
 * What the script tag says. Optimisers move tags, join files and turn scripts into modules; then there is no tag to read,
 * and a page says the same in `window.nearsideOptions`. An attribute of the tag counts more.
 */
import type { Options } from './api.js'
import { natural } from './lifecycle/natural.js'

/** Attributes of other tools are none of our business; one that begins like an option is a misspelt option. */
const OURS = /^(pack|cons|reme|time|key|back|rete|maxP|work|debu)/

/** The script element that is running: no image of that name, and no element of SVG. */
export function runningScript(): HTMLScriptElement | undefined {
  const { currentScript } = natural(document)
  return currentScript instanceof HTMLScriptElement ? currentScript : undefined
}

/** A global variable that a script has set. The elements of the page with that name or id are none. */
export function ownGlobal(name: string): unknown {
  return Object.hasOwn(window, name) ? (window as unknown as Record<string, unknown>)[name] : undefined
}

/** @returns options for `createClient`; `workerUrl` is '' where nobody knows it */
export function tagOptions(script: HTMLScriptElement | undefined): Options {
  const options: Record<string, unknown> = {
    pack: '',
    workerUrl: script?.src ? beside('worker.js', script.src) : '',
    ...(ownGlobal('nearsideOptions') as object | undefined),
  }
  for (const [attribute, value = ''] of Object.entries({ ...script?.dataset })) {
    const name = attribute === 'worker' ? 'workerUrl' : attribute
    if (OURS.test(name)) options[name] = read(name, value)
  }
  return options as unknown as Options
}

/** The address of a file that is served beside another. */
export function beside(file: string, other: string | URL): string {
  return new URL(file, new URL(other, natural(document).baseURI)).href
}

function read(name: string, value: string): unknown {
  if (name === 'timeout') return Number.parseFloat(value)
  return name === 'remember' || name === 'debug' ? value !== 'false' : value
}
