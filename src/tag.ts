/**
 * Reads the options of the script tag. Optimisers move tags, join files and turn scripts into modules. Then there is no tag
 * to read, and a page sets `window.nearsideOptions` instead. If both are there, an attribute of the tag wins.
 */
import type { Options } from './api.js'
import { natural } from './lifecycle/natural.js'

/** What begins like an option counts as an option, so a misspelt one gets a warning. Other attributes are other tools'. */
const OURS = /^(pack|cons|reme|time|key|back|maxP|work|debu|live)/

/** The script element that is running. An image of that name or an SVG element does not count. */
export function runningScript(): HTMLScriptElement | undefined {
  const { currentScript } = natural(document)
  return currentScript instanceof HTMLScriptElement ? currentScript : undefined
}

/** A global variable that a script has set. Elements of the page with that name or id do not count. */
export function ownGlobal(name: string): unknown {
  return Object.hasOwn(window, name) ? (window as unknown as Record<string, unknown>)[name] : undefined
}

/** @returns options for `createClient`; `workerUrl` is '' if it is not known */
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

/** The address of a file that is served in the same folder as another. */
export function beside(file: string, other: string | URL): string {
  return new URL(file, new URL(other, natural(document).baseURI)).href
}

function read(name: string, value: string): unknown {
  return name === 'remember' || name === 'debug' ? value !== 'false' : value
}
