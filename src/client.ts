/**
 * The client that `create` returns. One public method is one call to the worker. This file keeps only what the page must
 * do itself: make the consent decision, hold unacknowledged events, and have the server's order ready.
 */
import type { Declined, EngineApi, EngineEvent, PageEvent, Ranking, ShownList } from '../worker/protocol.js'
import type {
  Nearside,
  Options,
  Outcome,
  RankedEvent,
  RankedItem,
  RankOptions,
  Result,
  Status,
} from './api.js'
import { byId, candidates, devicesOrder, serversOrder } from './candidates.js'
import { decider } from './consent/state.js'
import { denials } from './consent/tabs.js'
import { type Emitter, emitter } from './emitter.js'
import { toWire } from './event.js'
import { idOf } from './id.js'
import { prerendering, seen, whenActivated, whenVisible } from './lifecycle/activation.js'
import { hidden, onHidden } from './lifecycle/hidden.js'
import { listen } from './lifecycle/listen.js'
import { natural } from './lifecycle/natural.js'
import { type Outbox, outbox } from './lifecycle/outbox.js'
import { onReturn } from './lifecycle/return.js'
import { budget, engineConfig } from './options.js'
import { type Answer, link, type Thread } from './thread/link.js'
import { toForget, type Wishes, wishesOf } from './wishes.js'

/** Milliseconds for calls that nothing on the screen waits for. */
const PATIENT = 10_000

/** The client, and one method that only our own modules call. */
export interface Client extends Nearside {
  /** Reports how a list was shown, if it was shown in another order than `rank` answered. */
  shown(list: Omit<ShownList, 'time'>): void
}

/**
 * @param options checked when the worker starts; bad ones are reported once, and the client then always gives the server's order
 * @param spawn starts the engine's worker
 * @param news carries the client's events to the listeners
 */
export function createClient(options: Options, spawn: () => Thread, news: Emitter = emitter()): Client {
  const { on, emit } = news
  const consent = decider(options?.consent ?? 'auto', options?.remember === true)
  /** Aborting it ends all listeners; undefined before the first use. */
  let listening: AbortController | undefined
  let tabs: ReturnType<typeof denials> | undefined
  let destroyed = false
  let left = false
  let requests = 0

  // Made on first use: some server environments allow no random numbers while modules load.
  let page: string | undefined
  const nextId = () => {
    page ??= crypto.getRandomValues(new Uint32Array(3)).join('-')
    return `${page}-${++requests}`
  }
  let events: Outbox | undefined
  const box = () => {
    events ??= outbox(nextId())
    return events
  }
  const denied = () => consent.decision.state === 'denied'
  /** Lists that were not sent to the engine yet. */
  let lists: ShownList[] = []

  const engine = link({
    spawn,
    config() {
      consent.reread()
      return engineConfig(options, consent.decision, natural(document))
    },
    started() {
      align()
      queueMicrotask(flush)
    },
    page: {
      hear,
      record() {
        recheck()
        const { grant } = consent.decision
        return left ? grant && '' : grant
      },
    },
  })

  /** In a browser, starts the worker and our listeners. On a server, does nothing. */
  function begin(): boolean {
    if (destroyed || typeof document === 'undefined') return false
    if (!listening) {
      listening = new AbortController()
      const { signal } = listening
      onHidden((leaving) => {
        left ||= leaving
        save()
      }, signal)
      onReturn(() => {
        left = false
        recheck()
      }, signal)
      listen('online', () => void ask(PATIENT, 'online'), signal)
    }
    if (prerendering()) {
      // While a page is prerendered, Chromium starts no worker, and discards the page if it opens a BroadcastChannel.
      void whenActivated().then(() => {
        recheck()
        begin()
      })
      return true
    }
    tabs ??= denials((grant) => consent.heard(grant) && decided())
    engine.start()
    return true
  }

  async function ask<M extends keyof EngineApi>(
    ms: number,
    method: M,
    ...args: Parameters<EngineApi[M]>
  ): Promise<Answer<M> | Declined> {
    if (!begin()) return { by: 'server', why: destroyed ? 'disabled' : 'not-ready' }
    // The time budget begins when the visitor opens the page: before that, nobody waits.
    if (prerendering()) await whenActivated()
    recheck()
    // Events tracked in the same task count for the answer, so they are sent first.
    if (method !== 'track' && method !== 'shown') flush()
    return engine.ask(ms, method, ...args)
  }

  function flush(): void {
    if (!begin() || prerendering()) return
    const shown = lists
    lists = []
    // Lists are sent first, because events are joined to them.
    if (shown.length > 0) void ask(PATIENT, 'shown', shown)
    const batch = box().take()
    if (batch.length === 0) return
    // Before a grant the worker has events in memory only. If it dies, or the visitor grants, they are sent again.
    const { granted } = consent
    void ask(PATIENT, 'track', batch).then(
      (ids) => granted && granted === consent.granted && !('why' in ids) && box().acknowledge(ids),
    )
  }

  /** Writes the events that no worker has acknowledged yet, if the grant stands at this moment. */
  function save(): void {
    recheck()
    if (consent.granted) box().save()
  }

  function hear(event: EngineEvent): void {
    // This page knows its own decision, and hears of other tabs itself. So the engine's report is not needed.
    if (event.type === 'consent') return
    if (event.type === 'forgotten') box().clear(event.item)
    emit(event)
  }

  /** Checks whether the decision was changed by another page. */
  function recheck(): void {
    if (consent.reread()) decided()
  }

  function decided(): void {
    const { decision } = consent
    align()
    if (engine.state.worker === 'idle') begin()
    else void engine.ask(PATIENT, 'setConsent', decision)
    flush()
    emit({ type: 'consent', state: decision.state })
  }

  /** Makes the outbox match the decision. */
  function align(): void {
    const { grant } = consent.decision
    if (denied()) {
      box().clear()
      lists = []
    } else if (grant === undefined) box().unsave()
    box().rewind()
    if (consent.granted) box().recover()
  }

  /** Never rejects. `items` is the server's list, for the case that the device has no answer. */
  async function answer<T, M extends RankedEvent['method']>(
    method: M,
    wishes: Omit<Parameters<EngineApi[M]>[0], 'requestId'> & { slot: string },
    timeout: unknown,
    items: RankedItem<T>[],
    read: (ranking: Ranking) => RankedItem<T>[] | undefined,
  ): Promise<Result<T>> {
    const { slot } = wishes
    const from = now()
    const requestId = nextId()
    const request = [{ ...wishes, requestId }] as unknown as Parameters<EngineApi[M]>
    const reply: Ranking | Declined = denied()
      ? { by: 'server', why: 'denied' }
      : await ask(budget(timeout, options?.timeout), method, ...request)
    const better = reply.by === 'device' ? attempt(() => read(reply), undefined) : undefined
    const outcome: Outcome = better
      ? { by: 'device' }
      : { by: 'server', why: reply.by === 'server' ? reply.why : 'error' }
    emit({ type: 'ranked', method, slot, requestId, ms: now() - from, ...outcome })
    const list = better ?? items
    // The engine knows its own lists.
    if (!better) show({ requestId, slot, by: 'server', ids: list.map(({ id }) => id) })
    return { items: list, requestId, broken: (reply as Ranking).broken, ...outcome }
  }

  /** Notes how a list was shown. */
  function show(list: Omit<ShownList, 'time'>): void {
    if (denied() || list.ids.length === 0 || !begin()) return
    lists.push({ ...list, time: Date.now() })
    queueMicrotask(flush)
  }

  function add(event: PageEvent): void {
    if (denied()) return
    box().add(event)
    // If the page is being left, there is no later moment to save.
    if (left || hidden()) save()
    queueMicrotask(flush)
  }

  function track(name: unknown, details: unknown): void {
    attempt(() => {
      if (destroyed || typeof document === 'undefined') return
      const { state } = consent.decision
      const event = denied() ? undefined : toWire(nextId(), name, details)
      emit({ type: 'track', name, details, event, consent: state })
      // A page that nobody has seen yet is not a visit. Its events count from the moment it is seen.
      if (event && !seen()) {
        void whenVisible().then(() => destroyed || add({ ...event, time: Date.now() }))
      } else if (event) add(event)
    }, undefined)
  }

  // Start early, so that the first answer need not wait for the worker, but after the page's first task.
  if (typeof document !== 'undefined') setTimeout(begin)

  return {
    track,

    prefer: (tastes) => track('prefer', tastes),

    rank(items, wishes) {
      const list = attempt(() => [...items], [])
      const { timeout, readers, request } = wish(wishes, list.length)
      const given = candidates(list, readers as RankOptions<unknown>)
      const read = (ranking: Ranking) => devicesOrder(list, given, ranking)
      return answer('rank', { ...request, ...given }, timeout, serversOrder(list, given), read)
    },

    recommend(wishes) {
      const { timeout, request } = wish(wishes)
      return answer('recommend', request, timeout, [], byId)
    },

    similar(id, wishes) {
      const { timeout, request } = wish(wishes)
      return answer('similar', { ...request, id: idOf(id) }, timeout, [], byId)
    },

    explain(id, wishes) {
      return ask(budget(wish(wishes).timeout, options?.timeout), 'explain', idOf(id))
    },

    consent: {
      get state() {
        return consent.decision.state
      },
      grant(purpose = 'personalization') {
        if (purpose !== 'personalization') {
          console.error('nearside: nothing was granted; expected grant("personalization")')
        } else if (consent.decide('granted')) decided()
      },
      deny() {
        const { grant } = consent.decision
        if (!consent.decide('denied')) return
        if (begin()) tabs?.tell(grant)
        decided()
      },
    },

    async export() {
      const held = await ask(PATIENT, 'export', box().stored())
      return 'why' in held ? null : held
    },

    async forget(what) {
      const item = attempt(() => toForget(what), false)
      if (item === false) {
        console.error('nearside: nothing was forgotten; expected forget({ item: "sku1" })')
        return false
      }
      box().clear(item)
      lists = []
      save()
      flush()
      return (await ask(PATIENT, 'forget', item)) === undefined
    },

    async status() {
      const known = await ask(2000, 'status')
      return {
        ...('why' in known ? unknownStatus(consent.decision.state) : known),
        ...engine.state,
      } as Status
    },

    on: on as Nearside['on'],

    destroy() {
      if (listening) save()
      destroyed = true
      listening?.abort()
      tabs?.close()
      engine.stop()
    },

    shown: show,
  }
}

/** Milliseconds. Safe even if another script has replaced `performance.now` with one that throws. */
function now(): number {
  return attempt(() => performance.now(), 0)
}

function unknownStatus(consent: Status['consent']): Omit<Status, 'worker' | 'restarts'> {
  return { version: '', consent, pack: { state: 'none' }, events: { session: 0, stored: 0 }, storage: 'none' }
}

function wish(given: unknown, limit = 10): Wishes {
  return attempt(() => wishesOf(given, limit), wishesOf({}, limit))
}

/** Runs our code so that nothing throws into the shop's page, whatever the page passes in. */
function attempt<T>(act: () => T, otherwise: T): T {
  try {
    return act()
  } catch (error) {
    console.error('nearside:', error)
    return otherwise
  }
}
