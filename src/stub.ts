/**
 * The snippet that a page puts before the script tag, so that it may call `nearside` before the script is there:
 *
 *     nearside.rank(products).then(…)      // also nearside.consent.grant(); every call returns a promise
 *
 * Calls wait in a queue that `auto.ts` takes over. Whatever asks for a list (rank, recommend, similar, explain) is
 * answered with the server's order when its time is over, so a script that never comes, blocked or offline, holds
 * nothing up. At most 300 bytes; `dist/stub.js` is what the README shows.
 */
import type { QueuedCall } from './auto.js'

// A block: an inline script shares its top-level names with every other script of the page.
{
  const queue: QueuedCall[] = []

  const stub: unknown = new Proxy(queue, {
    get: (_, name: string) =>
      name === 'q'
        ? queue
        : name === 'consent'
          ? stub
          : (...args: { timeout?: number }[]) =>
              new Promise((resolve) => {
                queue.push([name, args, resolve])
                if (/^r|la/.test(name)) {
                  setTimeout(resolve, args.at(-1)?.timeout ?? 250, {
                    items: name === 'rank' ? ((args[0] ?? []) as unknown[]).map((item) => ({ item })) : [],
                    by: 'server',
                    why: 'not-ready',
                  })
                }
              }),
  })

  ;(window as { nearside?: unknown }).nearside = stub
}
