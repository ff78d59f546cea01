/**
 * The script tag:
 *
 *     <script async src="https://cdn.example/nearside.js" data-pack="/packs/shop/" data-consent="auto"></script>
 *
 * Options are `data-` attributes of the same names, `data-worker` is `workerUrl`. Sets `window.nearside` to the
 * client, makes the calls that the stub has queued, and ranks the document's declarative lists.
 */
import type { Nearside, Options } from './api.js'
import { createClient } from './client.js'
import { rankLists } from './lists/declarative.js'
import { spawn } from './thread/spawn.js'

/** Method, arguments, and what resolves the promise that the stub has given out. */
export type QueuedCall = [name: string, args: unknown[], resolve: (value: unknown) => void]

type Calls = Record<string, ((...args: unknown[]) => unknown) | undefined>

const page = window as unknown as { nearside?: Nearside & { q?: QueuedCall[] } }
const script = document.currentScript as HTMLScriptElement | null
const queue = page.nearside?.q

// A page that loads the script twice has one client all the same; an element with the id `nearside` is none.
if (queue || !page.nearside?.rank) {
  const { pack, consent, remember, timeout, key, backend, worker } = script?.dataset ?? {}
  const client = createClient(
    {
      pack: pack ?? '',
      consent: consent as Options['consent'],
      remember: remember !== undefined && remember !== 'false',
      timeout: timeout ? Number(timeout) : undefined,
      key,
      backend: backend as Options['backend'],
    },
    () => spawn(`${new URL(worker ?? 'worker.js', worker ? document.baseURI : script?.src)}`),
  )
  page.nearside = client

  const make = ([name, args, resolve]: QueuedCall) => {
    const owner = (name in client.consent ? client.consent : client) as unknown as Calls
    resolve(owner[name]?.(...args))
  }
  // Whoever has kept the stub goes on pushing.
  if (queue) {
    queue.push = (...calls) => calls.forEach(make) as unknown as number
    queue.splice(0).forEach(make)
  }

  if (document.readyState === 'loading') addEventListener('DOMContentLoaded', () => rankLists(client))
  else rankLists(client)
}
