/**
 * The client that `create` returns: one public method is one call across the thread. What is kept here is only what
 * the page must do itself: make the decision, hold on to unacknowledged events, and have the server's order ready.
 */
import type { Declined, EngineApi, EngineEvent, Ranking, WireEvent } from '../worker/protocol.js'
import type { Nearside, Options, RankedEvent, RankedItem, Result, Status } from './api.js'
import { byId, candidates, devicesOrder, serversOrder } from './candidates.js'
import { decision } from './consent/state.js'
import { type Emitter, emitter } from './emitter.js'
import { toWire } from './event.js'
import { idOf } from './id.js'
import { prerendering, whenActivated } from './lifecycle/activation.js'
import { onRestore } from './lifecycle/bfcache.js'
import { hidden, onHidden } from './lifecycle/hidden.js'
import { natural } from './lifecycle/natural.js'
import { type Outbox, outbox } from './lifecycle/outbox.js'
import { budget, checkOptions, engineConfig } from './options.js'
import type { Answer, Thread } from './thread/call.js'
import { link } from './thread/link.js'
import { type Wishes, wishesOf } from './wishes.js'

/** Milliseconds for what nobody's picture waits for. */
const PATIENT = 10_000

/**
 * @param options checked here; bad ones are reported once and leave a client that gives the server's order
 * @param spawn starts the engine's worker
 * @param news carries the client's events to their listeners
 */
export function createClient(options: Options, spawn: () => Thread, news: Emitter = emitter()): Nearside {
  let fault: string | undefined
  try {
    checkOptions(options)
  } catch (error) {
    fault = (error as Error).message
    console.error(`nearside: ${fault}. Until then the server's order stands.`)
  }
  const { on, emit } = news
  const consent = decision(options?.consent ?? 'auto', options?.remember === true)
  /** Our own decisions that the engine has yet to echo: its other news of consent is from other tabs. */
  const echoes: string[] = []
  let listening: AbortController | undefined
  let left = false
  let requests = 0

  // Not before the first use: some servers allow no randomness while modules load.
  let page: string | undefined
  const pageId = () => {
    page ??= crypto.getRandomValues(new Uint32Array(3)).join('-')
    return page
  }
  let events: Outbox | undefined
  const box = () => {
    events ??= outbox(pageId())
    return events
  }

  const engine = link({
    spawn,
    config() {
      const { state } = consent
      echoes.splice(0, Infinity, state)
      return engineConfig(options, state, natural(document).baseURI)
    },
    started() {
      box().rewind()
      if (consent.state === 'granted') box().recover()
      if (consent.state === 'denied') box().clear()
      queueMicrotask(flush)
    },
    event: hear,
  })

  /** In a browser, the worker and our listeners; on a server, nothing. */
  function begin(): boolean {
    if (fault !== undefined || typeof document === 'undefined') return false
    if (!listening) {
      listening = new AbortController()
      onHidden((leaving) => {
        left = leaving
        save()
      }, listening.signal)
      onRestore(() => {
        left = false
        if (consent.reread()) decided(true)
      }, listening.signal)
    }
    engine.start()
    return true
  }

  async function ask<M extends keyof EngineApi>(
    ms: number,
    method: M,
    ...args: Parameters<EngineApi[M]>
  ): Promise<Answer<M> | Declined> {
    if (!begin()) return { by: 'server', why: fault === undefined ? 'not-ready' : 'error' }
    // What was tracked in this very task counts for the answer.
    if (method !== 'track') flush()
    return engine.ask(ms, method, ...args)
  }

  function happened(event: WireEvent): void {
    if (consent.state === 'denied') return
    box().add(event)
    // Whoever tracks while the page is being left has no later moment.
    if (left || hidden()) save()
    queueMicrotask(flush)
  }

  function flush(): void {
    if (!begin()) return
    const batch = box().take()
    if (batch.length === 0) return
    // Before a grant the worker has them in memory only: should it die, or the grant come, they are sent again.
    const kept = consent.state === 'granted'
    void ask(PATIENT, 'track', batch).then((ids) => kept && !('why' in ids) && box().acknowledge(ids))
  }

  function save(): void {
    if (consent.state === 'granted') box().save()
  }

  function hear(event: EngineEvent): void {
    if (event.type === 'consent') {
      const echo = echoes.indexOf(event.state)
      if (echo >= 0) echoes.splice(0, echo + 1)
      else if (consent.heard(event.state)) decided(false)
      return
    }
    if (event.type === 'forgotten') box().clear()
    emit(event)
  }

  /** @param here whether the engine has yet to be told */
  function decided(here: boolean): void {
    const { state } = consent
    if (state === 'denied') box().clear()
    if (here && listening) {
      echoes.push(state)
      void engine.ask(PATIENT, 'setConsent', state)
    } else begin() // The worker starts with the decision.
    if (state === 'granted') {
      box().rewind()
      box().recover()
      flush()
    }
    emit({ type: 'consent', state })
  }

  /** Never rejects; `items` is the server's list until the device has a better one. */
  async function answer<T, M extends RankedEvent['method']>(
    method: M,
    request: Parameters<EngineApi[M]>[0],
    { slot, timeout }: { slot: string; timeout: unknown },
    items: RankedItem<T>[],
    read: (ranking: Ranking) => RankedItem<T>[] | undefined,
  ): Promise<Result<T>> {
    const from = performance.now()
    const requestId = `${pageId()}-${++requests}`
    const reply: Ranking | Declined =
      consent.state === 'denied'
        ? { by: 'server', why: 'denied' }
        : await ask(budget(timeout, options?.timeout), method, ...([request] as Parameters<EngineApi[M]>))
    const better = reply.by === 'device' ? attempt(() => read(reply), undefined) : undefined
    const outcome: Pick<Result<T>, 'by' | 'why' | 'requestId'> = better
      ? { by: 'device', requestId }
      : { by: 'server', why: reply.by === 'server' ? reply.why : 'error', requestId }
    emit({ type: 'ranked', method, slot, ms: performance.now() - from, ...outcome })
    return { items: better ?? items, ...outcome }
  }

  // A first answer should not wait for the worker's boot, and a page's first task should not pay for it.
  if (fault === undefined && typeof document !== 'undefined') setTimeout(begin)

  return {
    track(name, details) {
      attempt(() => {
        if (fault !== undefined || typeof document === 'undefined') return
        const { state } = consent
        const event = state === 'denied' ? undefined : toWire(`${pageId()}-${++requests}`, name, details)
        emit({ type: 'track', name, details, event, consent: state })
        if (!event) return
        // A prerendered page is no visit. Its events happen when the visitor opens it, if ever.
        if (prerendering()) void whenActivated().then(() => happened({ ...event, time: Date.now() }))
        else happened(event)
      }, undefined)
    },

    rank(items, wishes) {
      const { slot, limit, timeout, key } = wish(wishes)
      const given = candidates(
        attempt(() => [...items], []),
        key,
      )
      return answer(
        'rank',
        { ids: given.wire, slot, limit: limit ?? given.items.length },
        { slot, timeout },
        serversOrder(given),
        (ranking) => devicesOrder(given, ranking),
      )
    },

    recommend(wishes) {
      const { slot, limit = 10, timeout, exclude, seeds } = wish(wishes)
      const request = { slot, limit, exclude, ...(seeds && { seeds }) }
      return answer('recommend', request, { slot, timeout }, [], byId)
    },

    similar(id, wishes) {
      const { slot, limit = 10, timeout, exclude } = wish(wishes)
      return answer('similar', { id: idOf(id), limit, exclude }, { slot, timeout }, [], byId)
    },

    async explain(id, wishes) {
      if (consent.state === 'denied') return { by: 'server', why: 'denied' }
      return ask(budget(wish(wishes).timeout, options?.timeout), 'explain', idOf(id))
    },

    consent: {
      get state() {
        return consent.state
      },
      grant() {
        if (consent.decide('granted')) decided(true)
      },
      deny() {
        if (consent.decide('denied')) decided(true)
      },
    },

    async export() {
      const held = await ask(PATIENT, 'export')
      return 'why' in held ? null : held
    },

    async forget(what) {
      const item = what?.item == null ? undefined : idOf(what.item)
      box().clear(item)
      save()
      flush()
      return (await ask(PATIENT, 'forget', item)) === undefined
    },

    async status() {
      const known = await ask(2000, 'status')
      const status: Status = {
        ...('why' in known ? unknownStatus(consent.state) : known),
        ...engine.state,
      }
      return fault === undefined ? status : { ...status, worker: 'failed', error: fault }
    },

    on: on as Nearside['on'],

    destroy() {
      if (listening) save()
      listening?.abort()
      engine.stop()
    },
  }
}

function unknownStatus(consent: Status['consent']): Omit<Status, 'worker' | 'restarts'> {
  return { version: '', consent, pack: { state: 'none' }, events: { session: 0, stored: 0 }, storage: 'none' }
}

function wish(given: unknown): Wishes {
  return attempt(() => wishesOf(given), wishesOf(undefined))
}

/** Nothing of ours may throw into the shop's page, whatever it passes in. */
function attempt<T>(act: () => T, otherwise: T): T {
  try {
    return act()
  } catch (error) {
    console.error('nearside:', error)
    return otherwise
  }
}
