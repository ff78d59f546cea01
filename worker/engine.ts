/**
 * Wires the rooms together and holds no maths. State that matters: the decision (`consent`), what is known of the
 * visitor (`visitor`), and the pack that serves (`serving`). Work that touches storage runs in one queue, so that a
 * denial never races a write; a denial itself takes effect in memory at once.
 */
import { currentSession, lessLike, profile } from './feedback/history.js'
import type { EventLog } from './feedback/log.js'
import type { DiskOptions } from './feedback/store.js'
import type { TabMessage, Tabs } from './feedback/tabs.js'
import { validateEvents } from './feedback/validate.js'
import { createVisitor, type Visitor } from './feedback/visitor.js'
import { openModel } from './model.js'
import { createLibrary, type PackLibrary } from './pack/library.js'
import type { Pack } from './pack/pack.js'
import type { StoreChain } from './pack/store/open.js'
import type { PackStore } from './pack/store/store.js'
import type {
  ConsentState,
  Declined,
  EngineApi,
  EngineConfig,
  EngineEvent,
  EngineStatus,
  PackState,
  Why,
} from './protocol.js'
import { answerExplain, answerRank, answerRecommend, answerSimilar, type Known } from './rank/answer.js'
import { gather, type Model } from './rank/evidence.js'
import { VERSION } from './version.js'

/** What the engine stands on; `main.ts` gives it the browser's, Node and tests their own. */
export interface Ground {
  fetch: typeof fetch
  /** @throws when nothing can be kept on disk here */
  openLog(on: DiskOptions): EventLog | Promise<EventLog>
  openStore(): StoreChain
  /** Deletes what any earlier page has kept, events and packs, and writes nothing on the way. */
  eraseDisk(): Promise<void>
  openTabs(listen: (message: TabMessage) => void): Tabs
  now(): number
}

interface Serving {
  pack: Pack
  model: Model
  from: NonNullable<EngineStatus['pack']['from']>
}

/** A page that stays open asks for a newer pack, and for the kill switch, at most this often. */
const REVALIDATE_MS = 10 * 60_000

/** How long evidence may be reused when nothing happens: the running session ends by time alone. */
const EVIDENCE_MS = 60_000

export function createEngine(ground: Ground): EngineApi {
  let config: EngineConfig
  let listener: (event: EngineEvent) => void
  let library: PackLibrary
  let visitor: Visitor
  let tabs: Tabs
  let store: StoreChain | undefined
  let consent: ConsentState = 'unknown'
  let serving: Serving | undefined
  let packState: PackState = 'none'
  let packError: string | undefined
  let revalidated = 0
  let lately: (Known & { model: Model; events: unknown; since: number }) | undefined
  /** Settles when the first pack serves or there is none to be had. */
  let opened: Promise<void> | undefined
  /** Settles when what earlier pages kept is in memory. */
  let remembered: Promise<void> | undefined
  let queue: Promise<unknown> = Promise.resolve()

  const isDenied = () => consent === 'denied'

  function enqueue(work: () => Promise<void>): Promise<void> {
    const turn = queue.then(work)
    queue = turn.catch(() => {})
    return turn
  }

  function tell(event: EngineEvent): void {
    try {
      listener(event)
    } catch {
      // The page may be gone; the engine must go on.
    }
  }

  const trouble = (message: string) => tell({ type: 'trouble', message })

  /** Brings memory, disk and pack into line with a decision. */
  async function decide(state: ConsentState): Promise<void> {
    consent = state
    tell({ type: 'consent', state })
    store?.leave()
    store = undefined
    // Behind whatever the queue still has to erase; the log and the pack side by side.
    const before = queue
    if (state === 'denied') {
      visitor.lose()
      serving = undefined
      packState = 'none'
      return enqueue(async () => {
        await visitor.forget().catch(() => {})
        visitor.close()
        await ground.eraseDisk()
      })
    }
    if (state === 'granted') {
      store = ground.openStore()
      remembered = before.then(remember)
      void enqueue(() => remembered!)
      if (serving) return keepPack()
    }
    if (!serving) opened = before.then(open)
  }

  async function remember(): Promise<void> {
    if (consent !== 'granted') return
    try {
      const log = await ground.openLog({ onErased: erasedElsewhere, onTrouble: trouble })
      await visitor.keep(log, ground.now())
    } catch (error) {
      trouble(`Events are kept in memory only: ${messageOf(error)}`)
    }
  }

  function hear(message: TabMessage): void {
    if (message.type === 'denied') void decide('denied')
    else if (consent !== 'granted') return
    else if (message.type === 'events') visitor.hear(message.events)
    else if (message.item === undefined) erasedElsewhere()
    else visitor.lose(message.item)
  }

  function erasedElsewhere(): void {
    visitor.lose()
    tell({ type: 'forgotten' })
  }

  /** Serves the stored pack if there is one and asks the network in the background, else waits for the network. */
  async function open(): Promise<void> {
    packState = 'loading'
    revalidated = ground.now()
    if (!store || !(await openStored(store))) return refresh()
    setTimeout(() => {
      void complete()
      void refresh()
    }, 0)
  }

  /** Whether a pack of the store serves now: the last good one, else the one before. */
  async function openStored(store: PackStore): Promise<boolean> {
    for (;;) {
      const stored = await library.stored(store).catch(() => undefined)
      if (!stored) return false
      const { pack, from } = stored
      try {
        if (pack.manifest.disabled) disable()
        else await switchTo(pack, from)
        return true
      } catch (error) {
        // A refused pack has given its place in the store to the one before it, so this ends.
        packFailed(error)
      }
    }
  }

  async function refresh(): Promise<void> {
    revalidated = ground.now()
    try {
      const { pack, disabled } = await library.refresh(store, serving?.pack)
      if (isDenied()) return
      if (disabled) return disable()
      if (serving) packState = 'ready'
      if (pack) await switchTo(pack, 'network')
      void complete(pack)
    } catch (error) {
      packFailed(error)
    }
  }

  /** What no ranking waits for: a new pack is kept, titles and prices are added. */
  async function complete(fresh?: Pack): Promise<void> {
    try {
      if (fresh) await keepPack()
      if (serving) await library.complete(serving.pack, store)
    } catch (error) {
      packFailed(error)
    }
  }

  function disable(): void {
    packState = 'disabled'
    tell({ type: 'disabled' })
  }

  async function switchTo(pack: Pack, from: Serving['from']): Promise<void> {
    const model = await openModel(pack, config.backend).catch(async (error) => {
      await library.refuse(store, pack)
      throw error
    })
    if (isDenied()) return
    serving = { pack, model, from }
    packState = 'ready'
    packError = undefined
    tell({ type: 'ready', from, sequence: pack.manifest.sequence })
  }

  function keepPack(): Promise<void> {
    return enqueue(async () => {
      if (store && serving) await library.keep(store, serving.pack)
    })
  }

  /** An older pack may go on serving; without one the server's order stands. */
  function packFailed(error: unknown): void {
    packError = messageOf(error)
    if (!serving) packState = 'failed'
    tell({ type: 'pack-error', message: packError })
  }

  async function answer<T>(work: (model: Model, known: Known) => T): Promise<T | Declined> {
    let why: Why
    try {
      if (!isDenied()) await Promise.all([opened, remembered])
      if (isDenied()) why = 'denied'
      else {
        if (Math.abs(ground.now() - revalidated) > REVALIDATE_MS) void refresh()
        if (packState === 'disabled') why = 'disabled'
        else if (serving) return work(serving.model, known(serving.model))
        else why = 'no-pack'
      }
    } catch (error) {
      trouble(messageOf(error))
      why = 'error'
    }
    return { by: 'server', why }
  }

  /** The evidence of now, made anew after an event, for a new pack, or when the session may have ended. */
  function known(model: Model): Known {
    const now = ground.now()
    const { events } = visitor
    if (
      lately?.model !== model ||
      lately.events !== events ||
      !(Math.abs(now - lately.since) < EVIDENCE_MS)
    ) {
      /** Ids to rows; what the pack does not know says nothing here. */
      const inPack = <T extends { id: string }>(list: T[]) =>
        list.map((entry) => ({ ...entry, row: model.catalog.rowOf(entry.id) })).filter(({ row }) => row >= 0)
      const evidence = gather(model, inPack(currentSession(events, now)), inPack(profile(events, now)))
      lately = { model, events, since: now, evidence, unwanted: lessLike(events) }
    }
    return lately
  }

  return {
    async start(given, listen) {
      config = given
      listener = listen
      visitor = createVisitor(config.retention)
      library = createLibrary({
        ...config,
        url: config.pack,
        fetch: ground.fetch,
        onProgress: (loaded, total) => tell({ type: 'progress', loaded, total }),
      })
      tabs = ground.openTabs(hear)
      await decide(config.consent)
      return this.status()
    },

    async setConsent(state) {
      if (state === consent) return
      // Told first: other tabs hold the database open, and it can only be deleted once they let go.
      if (state === 'denied') tabs.send({ type: 'denied' })
      await decide(state)
    },

    async track(input) {
      const { events, refused } = validateEvents(input, ground.now())
      if (!isDenied()) await remembered
      // The decision may have changed while the disk was read.
      if (!isDenied()) {
        const stored = visitor.add(events)
        if (consent === 'granted') tabs.send({ type: 'events', events })
        await stored
        // Encode now, so that the next ranking finds the query vector ready.
        setTimeout(() => serving && known(serving.model), 0)
      }
      return [...refused, ...events.map(({ id }) => id)]
    },

    rank: (request) => answer((model, known) => answerRank(model, known, request)),
    recommend: (request) => answer((model, known) => answerRecommend(model, known, request)),
    similar: (request) => answer((model, known) => answerSimilar(model, known, request)),
    explain: (id) => answer((model, known) => answerExplain(model, known, id)),

    async export() {
      await remembered
      const { events, kept } = visitor
      return {
        consent,
        kept: isDenied() ? 'nothing' : kept,
        events: [...events],
        profile: profile(events, ground.now()).map(({ id: item, strength }) => ({ item, strength })),
        sentBytes: 0,
      }
    },

    async forget(item) {
      await enqueue(async () => {
        await remembered
        await visitor.forget(item)
      })
      tabs.send({ type: 'forgotten', item })
    },

    async status() {
      const { events } = visitor
      const status: EngineStatus = {
        version: VERSION,
        consent,
        pack: { state: packState },
        events: {
          session: currentSession(events, ground.now()).length,
          stored: consent === 'granted' ? events.length : 0,
        },
        storage: store?.kind ?? 'none',
      }
      if (serving) {
        const { pack, model, from } = serving
        const { sequence, created, items, minSessions } = pack.manifest
        const { bytes, signed } = pack
        Object.assign(status.pack, { from, sequence, created, items, minSessions, bytes, signed })
        status.backend = model.scorer.backend
      }
      if (packError !== undefined) status.pack.error = packError
      return status
    },

    async stop() {
      await queue
      visitor.close()
      tabs.close()
    },
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
