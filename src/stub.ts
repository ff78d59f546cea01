/**
 * The snippet that a page puts before the script tag, so that it may call `nearside` before the script is there:
 *
 *     nearside.rank(products).then(…)      // also nearside.consent.grant()
 *
 * Calls wait in a queue that `auto.ts` takes over. Every promise settles: when its time is over, `rank` gives the
 * server's order, and the others say that there is no answer. So a script that is blocked, or offline, holds nothing up.
 * A second stub on the page leaves the first one alone, and a client too. `dist/stub.js` is what the README shows.
 */
import type { QueuedCall } from './auto.js'

// An element with this name is no client, but a variable of the page is one, or a stub. The block keeps our names out
// of the page: an inline script shares its top-level names with all others.
if (!Object.hasOwn(window, 'nearside')) {
  const q: QueuedCall[] = []

  /** For calls without an answer. */
  const send =
    (name: string) =>
    (...args: unknown[]) =>
      void q.push([name, args])

  /** For calls with an answer, and the answer that is given when `wait` milliseconds are over. */
  const ask =
    (name: string, wait: number, instead: unknown) =>
    (...args: { timeout?: number }[]) =>
      new Promise((resolve) => {
        q.push([name, args, resolve])
        setTimeout(resolve, args.at(-1)?.timeout ?? wait, instead)
      })

  const list = (name: string, items: unknown[] = []) =>
    ask(name, 250, { items, by: 'server', why: 'not-ready' })

  ;(window as { nearside?: unknown }).nearside = {
    q,
    track: send('track'),
    destroy: send('destroy'),
    consent: { state: 'unknown', grant: send('grant'), deny: send('deny') },
    rank(given: Iterable<unknown>, wishes: { timeout?: number }) {
      // A copy: what can be read only once is read here, for both who may answer.
      const items = Array.from(given ?? [])
      const ranked = items.map((item, position) => ({
        item,
        id: '',
        score: 0,
        position,
        reasons: [],
        source: 'server',
      }))
      return list('rank', ranked)(items as never, wishes)
    },
    recommend: list('recommend'),
    similar: list('similar'),
    explain: list('explain'),
    export: ask('export', 1e4, null),
    forget: ask('forget', 1e4, false),
    status: ask('status', 2e3, { worker: 'idle', consent: 'unknown', pack: { state: 'none' } }),
    on(...args: unknown[]) {
      const subscribed = new Promise<() => void>((resolve) => q.push(['on', args, resolve as () => void]))
      return () => void subscribed.then((end) => end())
    },
  }
}
