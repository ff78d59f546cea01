/**
 * The script tag:
 *
 *     <script async src="https://cdn.example/nearside.js" data-pack="/packs/shop/" data-consent="auto"></script>
 *
 * Options are `data-` attributes of the same names; `data-worker` is `workerUrl`. Where an optimiser takes the tag away
 * (it joins files, or makes a module of the script), set them before the script runs:
 *
 *     window.nearsideOptions = { pack: '/packs/shop/', workerUrl: '/nearside/worker.js' }
 *
 * Sets `window.nearside` to the client, makes the calls that the stub has queued, and ranks the document's declarative
 * lists. Shops that replace the page's body run their scripts again with each new body (Turbo, pjax): then the first run
 * goes on, with its one client, and ranks the lists that are new.
 */
import type { Nearside } from './api.js'
import type * as capture from './capture/declarative.js'
import { createClient } from './client.js'
import { debugged } from './debug/load.js'
import { natural } from './lifecycle/natural.js'
import type * as lists from './lists/declarative.js'
import { beside, ownGlobal, runningScript, tagOptions } from './tag.js'
import { spawn } from './thread/spawn.js'

/** Method, arguments, and what takes the result of the call. */
export type QueuedCall = [name: string, args: unknown[], resolve?: (value: unknown) => void]

type Lists = typeof lists
type Capture = typeof capture
type Calls = Record<string, ((...args: unknown[]) => unknown) | undefined>

/** How a later run asks the first one whether it is there: whoever is, prevents the default. */
const AGAIN = 'nearside:again'

const page = window as unknown as { nearside: Nearside }

if (dispatchEvent(new Event(AGAIN, { cancelable: true }))) begin()

function begin(): void {
  const options = tagOptions(runningScript())
  const workerUrl = `${options.workerUrl}`
  // Beside the worker, whose address is known even where the script was joined with others.
  const load = (file: string) =>
    import(beside(file, workerUrl)).catch(() =>
      console.warn(`nearside: ${file} did not load; serve it beside worker.js`),
    )
  const news = debugged(options, () => load('debug.js'))
  const client = createClient(options, () => spawn(workerUrl), news)
  let begun: Promise<((() => void) | undefined)[]> | undefined

  /** Takes up the lists that are new. What that needs is loaded for the first list, and not on pages without. */
  const takeUpLists = () => {
    if (!natural(document).querySelector('[data-nearside-rank]')) return
    begun ??= Promise.all([
      load('lists.js').then((file: Lists | undefined) => file?.declarativeLists(client, news.emit)),
      load('capture.js').then((file: Capture | undefined) => file?.captureLists(client)),
    ])
    void begun.then((parts) => {
      for (const part of parts) part?.()
    })
  }

  const run = () => {
    takeOver(client)
    if (natural(document).readyState === 'loading')
      addEventListener('DOMContentLoaded', takeUpLists, { once: true })
    else takeUpLists()
  }
  addEventListener(AGAIN, (event) => {
    event.preventDefault()
    run()
  })
  run()
}

/** Makes the calls that the stub has queued, and stands in its place. */
function takeOver(client: Nearside): void {
  const stub = ownGlobal('nearside') as { q?: QueuedCall[] } | undefined
  page.nearside = client
  const queue = stub?.q
  if (!Array.isArray(queue)) return
  const make = ([name, args, resolve]: QueuedCall) => {
    const owner = (name in client.consent ? client.consent : client) as unknown as Calls
    const result = owner[name]?.(...args)
    resolve?.(result)
  }
  // Whoever has kept the stub goes on pushing.
  queue.push = (...calls) => {
    for (const call of calls) make(call)
    return 0
  }
  for (const call of queue.splice(0)) make(call)
}
