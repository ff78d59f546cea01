/**
 * Starts a worker from a URL, wherever that is and whatever the page's policies demand.
 *
 * A worker's own script must be of the page's origin. From elsewhere (a CDN) it is started through a Blob whose one
 * line imports it: a classic worker may import scripts of any origin. A sandboxed frame has an origin of its own, which
 * nothing else is of, so there every worker starts that way. Under Trusted Types both the URL given to `Worker` and the
 * one given to `importScripts` need a policy; ours is named `nearside`
 * (https://w3c.github.io/trusted-types/dist/spec/).
 */
import { natural } from '../lifecycle/natural.js'

interface Policy {
  createScriptURL(url: string): string
}

interface Factory {
  createPolicy(name: string, rules: Policy): Policy
}

let policy: Policy | undefined

/** @throws where the page's Content Security Policy forbids it and the browser says so at once */
export function spawn(url: string): Worker {
  const { href, origin } = new URL(url, natural(document).baseURI)
  // Not `location.origin`, which names the address even where the frame is sandboxed.
  return new Worker(trusted(origin === self.origin ? href : importing(href)), { name: 'nearside' })
}

/** The URL of a classic script that exists only here, for `spawn`. */
export function blobUrl(source: string): string {
  return URL.createObjectURL(new Blob([source], { type: 'text/javascript' }))
}

function importing(url: string): string {
  const rules = '{createScriptURL:u=>u}'
  // Not JSON.stringify, which some libraries replace. An address holds no quotation mark.
  const quoted = `"${url.replaceAll('\\', '%5C')}"`
  return blobUrl(
    `importScripts(self.trustedTypes?trustedTypes.createPolicy('nearside',${rules}).createScriptURL(${quoted}):${quoted})`,
  )
}

function trusted(url: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: Factory }
  try {
    policy ??= trustedTypes?.createPolicy('nearside', { createScriptURL: (given) => given })
  } catch {
    // A second copy of the SDK holds the name, or the page does not allow it: then the page's default policy decides.
  }
  return policy ? policy.createScriptURL(url) : url
}
