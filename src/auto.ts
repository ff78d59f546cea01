/**
 * The script tag:
 *
 *     <script async src="https://cdn.example/nearside.js" data-pack="/packs/shop/" data-consent="auto"></script>
 *
 * Options are `data-` attributes of the same names; `data-worker` is `workerUrl`. An optimiser may join files or turn the
 * script into a module, and then the script cannot read its tag. For such pages, set the options before the script runs:
 *
 *     window.nearsideOptions = { pack: '/packs/shop/', workerUrl: '/nearside/worker.js' }
 *
 * Sets `window.nearside` to the client, makes the calls that the stub has queued, and ranks the document's declarative
 * lists. Some shops replace the page's body and run their scripts again with each new body (Turbo, pjax). A later run then
 * makes no second client: the client of the first run ranks the new lists.
 */
import type { Nearside } from './api.js'
import { createClient } from './client.js'
import { debugged } from './debug/load.js'
import { natural } from './lifecycle/natural.js'
import type { ListPart } from './lists/part.js'
import { beside, ownGlobal, runningScript, tagOptions } from './tag.js'
import { spawn } from './thread/spawn.js'

/** The method's name, its arguments, and a function that takes the result. */
export type QueuedCall = [name: string, args: unknown[], resolve?: (value: unknown) => void]

type Calls = Record<string, ((...args: unknown[]) => unknown) | undefined>

/** The event with which a later run asks whether there was a first one. The first one answers with `preventDefault`. */
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

  /** Ranks and watches the lists that are new. The code for it is loaded only when there is a list. */
  const takeUpLists = () => {
    if (!natural(document).querySelector('[data-nearside-rank]')) return
    for (const file of ['lists.js', 'capture.js']) {
      void load(file).then((part?: ListPart) => part?.takeUp(client, news.emit))
    }
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

/** Makes the calls that the stub has queued, and replaces the stub. */
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
  // Code that still holds the stub goes on pushing calls to its queue.
  queue.push = (...calls) => {
    for (const call of calls) make(call)
    return 0
  }
  for (const call of queue.splice(0)) make(call)
}
