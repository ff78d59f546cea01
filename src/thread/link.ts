/**
 * The worker's life, seen from the page: it is started when first needed, asked with a time budget, watched when it does not
 * answer, and restarted when it has died. Calls go through Comlink. A call to a dead worker would stay open for ever, so
 * every question here also settles by itself.
 */
import { proxy, type Remote, wrap } from 'comlink'
import type { Declined, EngineApi, EngineConfig, PageApi } from '../../worker/protocol.js'
import type { Status } from '../api.js'
import { only } from '../only.js'

export type Thread = Pick<Worker, 'postMessage' | 'addEventListener' | 'removeEventListener' | 'terminate'>

export type Answer<M extends keyof EngineApi> = Awaited<ReturnType<EngineApi[M]>>

export interface Plan {
  spawn(): Thread
  /** @throws Error if the shop's options make no sense; then no worker is started */
  config(): EngineConfig
  /** Called when the worker takes calls: at the first start and after every restart. */
  started(): void
  page: PageApi
}

export interface Link {
  readonly state: Pick<Status, 'worker' | 'restarts' | 'error'>
  /** Starts the worker if it was not started before. */
  start(): void
  /** Starts the worker if needed, and asks it. Settles within `budget` milliseconds and never rejects. */
  ask<M extends keyof EngineApi>(
    budget: number,
    method: M,
    ...args: Parameters<EngineApi[M]>
  ): Promise<Answer<M> | Declined>
  stop(): void
}

const MAX_RESTARTS = 3
/** Seconds without an answer after which a worker counts as dead. It is longer while the worker may be unpacking a pack. */
const PATIENCE_LOADING = 10
const PATIENCE = 5

export function link(plan: Plan): Link {
  let health: Status['worker'] = 'idle'
  let restarts = 0
  let error: string | undefined
  /** Whether a pack is in use. If not, a late answer is `not-ready` and not `timeout`. */
  let ready = false
  let thread: Thread | undefined
  let remote: Remote<EngineApi> | undefined
  let watch: ReturnType<typeof setInterval> | undefined
  let retry: ReturnType<typeof setTimeout> | undefined
  const open = new Set<(answer: Declined) => void>()

  const end = (next: Status['worker'], why: Declined['why']) => {
    health = next
    ready = false
    clearInterval(watch)
    watch = undefined
    thread = remote = undefined
    for (const settle of open) settle({ by: 'server', why })
  }

  const died = (message: string) => {
    error = `the worker has failed: ${message}`
    const again = restarts < MAX_RESTARTS
    // Often the browser gives no reason, so the message names the likely ones.
    console.error(
      `nearside: ${error}. Is worker.js served, allowed by worker-src, and on an isolated page sent with Cross-Origin-Embedder-Policy?`,
    )
    thread?.terminate()
    end(again ? 'restarting' : 'failed', 'error')
    if (again) retry = setTimeout(boot, 500 * 4 ** restarts++)
  }

  const boot = () => {
    let config: EngineConfig
    try {
      config = plan.config()
    } catch (cause) {
      error = messageOf(cause)
      console.error(`nearside: ${error}`)
      end('failed', 'error')
      return
    }
    health = 'starting'
    try {
      thread = plan.spawn()
    } catch (cause) {
      died(messageOf(cause))
      return
    }
    const mine = thread
    // Ignore messages from a worker that was given up.
    const current =
      <A, R>(act: (value: A) => R) =>
      (value: A) =>
        mine === thread ? act(value) : undefined
    mine.addEventListener(
      'error',
      current((event) => {
        event.preventDefault()
        died((event as ErrorEvent).message || 'it did not load')
      }),
    )
    remote = wrap<EngineApi>(mine as Worker)
    const page: PageApi = {
      hear: current((event) => {
        ready ||= event.type === 'ready'
        plan.page.hear(event)
      }),
      record: plan.page.record,
    }
    // Calls need not wait for this answer: messages keep their order, so the engine sees `start` first.
    remote.start(config, proxy(page)).then(
      current(() => {
        health = 'running'
      }),
      current((cause) => died(messageOf(cause))),
    )
    plan.started()
  }

  // Between a death and the restart, only the timer starts a worker.
  const start = () => {
    if (health === 'idle') boot()
  }

  /**
   * Asks for a sign of life. It counts ticks and not time: when a page and its worker were frozen, one tick comes late,
   * but by the clock the worker would seem silent for hours.
   */
  const ping = () => {
    if (watch || !remote) return
    let ticks = 0
    const mine = setInterval(() => {
      if (++ticks >= (ready ? PATIENCE : PATIENCE_LOADING)) died('it does not answer')
    }, 1000)
    watch = mine
    const alive = () => {
      clearInterval(mine)
      if (watch === mine) watch = undefined
    }
    remote.status().then(alive, alive)
  }

  return {
    get state() {
      return { worker: health, restarts, ...only({ error }) } as Link['state']
    },
    start,
    ask(budget, method, ...args) {
      start()
      return new Promise((resolve) => {
        if (!remote) {
          resolve({ by: 'server', why: health === 'stopped' ? 'disabled' : 'error' })
          return
        }
        const settle = (answer: Answer<typeof method> | Declined) => {
          clearTimeout(timer)
          open.delete(settle)
          resolve(answer)
        }
        const timer = setTimeout(() => {
          settle({ by: 'server', why: ready ? 'timeout' : 'not-ready' })
          ping()
        }, budget)
        open.add(settle)
        const call = remote[method] as unknown as (...given: typeof args) => Promise<Answer<typeof method>>
        call(...args).then(settle, () => settle({ by: 'server', why: 'error' }))
      })
    },

    stop() {
      clearTimeout(retry)
      const last = thread
      // First the engine closes its database and channels. A worker that does not answer is terminated too.
      const done = () => last?.terminate()
      remote?.stop().then(done, done)
      setTimeout(done, 1000)
      end('stopped', 'disabled')
    },
  }
}

function messageOf(cause: unknown): string {
  return (cause as Error | undefined)?.message ?? String(cause)
}
