/**
 * Starts a worker from any URL, also under the page's security policies.
 *
 * A worker's own script must have the page's origin. A script from elsewhere (a CDN) is started through a Blob with one line
 * that imports it, because a classic worker may import scripts of any origin. A sandboxed frame has an origin that no URL
 * has, so there every worker starts that way. Under Trusted Types both the URL given to `Worker` and the one given to
 * `importScripts` need a policy; ours is named `nearside`
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

/**
 * What a worker runs whose script is on another origin. Its name is the script's address. The policy stays there for the parts
 * that the script loads (`worker/parts.ts`), because no second one may have the name.
 */
const IMPORT =
  'var policy=self.trustedTypes?.createPolicy("nearside",{createScriptURL:e=>e});importScripts(policy?.createScriptURL(name)??name)'

/**
 * Starts the worker, with its script's address as its name.
 * @throws if the page's Content Security Policy forbids it and the browser reports that at once
 */
export function spawn(url: string): Worker {
  const { href, origin } = new URL(url, natural(document).baseURI)
  // `location.origin` would be wrong: in a sandboxed frame it still is the origin of the address.
  return new Worker(trusted(origin === self.origin ? href : blobUrl(IMPORT)), { name: href })
}

/** Makes a Blob URL for a classic script, for `spawn`. */
export function blobUrl(source: string): string {
  return URL.createObjectURL(new Blob([source], { type: 'text/javascript' }))
}

function trusted(url: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: Factory }
  try {
    policy ??= trustedTypes?.createPolicy('nearside', { createScriptURL: (given) => given })
  } catch {
    // A second copy of the SDK has taken the name, or the page does not allow it. Then the page's default policy decides.
  }
  return policy ? policy.createScriptURL(url) : url
}
