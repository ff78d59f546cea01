/**
 * The snippet that a page puts before the script tag. It lets the page call `nearside` before the script has loaded:
 *
 *     nearside.rank(products).then(…)      // also nearside.consent.grant()
 *
 * Calls wait in a queue, which `auto.ts` takes over. Every promise settles: when its time is over, `rank` gives the server's
 * order, and the others say that there is no answer. So a page does not hang when the script is blocked or offline. A second
 * stub on the page replaces neither the first one nor a client. The README shows `dist/stub.js`.
 */
import type { QueuedCall } from './auto.js'

// If `window` has an own property of this name, it is a client or a stub. An element of this name is not an own property.
// The block keeps our names out of the page: all inline scripts share their top-level names.
if (!Object.hasOwn(window, 'nearside')) {
  const q: QueuedCall[] = []

  /** Makes a method that has no answer. */
  const send =
    (name: string) =>
    (...args: unknown[]) =>
      void q.push([name, args])

  /** Makes a method with an answer, and with a default answer for when `wait` milliseconds are over. */
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
    prefer: send('prefer'),
    track: send('track'),
    destroy: send('destroy'),
    consent: { state: 'unknown', grant: send('grant'), deny: send('deny') },
    rank(given: Iterable<unknown>, wishes: { timeout?: number }) {
      // Copy the list, because some iterables can be read only once, and both the stub and the client may answer.
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
