/**
 * Wires the rooms together and holds no maths. State that matters: the decision (`consent`), what is known of the
 * visitor (`visitor`), and the pack that serves (`serving`). Work that touches storage runs in one queue, so that a
 * denial never races a write; a denial itself takes effect in memory at once.
 */
import type { EventLog } from './feedback/log.js'
import type { DiskOptions } from './feedback/store.js'
import type { TabMessage, Tabs } from './feedback/tabs.js'
import { validateEvents } from './feedback/validate.js'
import { Visitor } from './feedback/visitor.js'
import { PackLibrary } from './pack/library.js'
import type { Pack } from './pack/pack.js'
import type { PackStore } from './pack/store/store.js'
import type {
  ConsentState,
  Declined,
  DeviceData,
  EngineApi,
  EngineConfig,
  EngineEvent,
  EngineStatus,
  Explanation,
  PackState,
  Ranking,
  RankRequest,
  RecommendRequest,
  SimilarRequest,
  WireEvent,
} from './protocol.js'
import { answerExplain, answerRank, answerRecommend, answerSimilar, type Known } from './rank/answer.js'
import { gather, type Model } from './rank/evidence.js'
import { serve } from './serving.js'
import { VERSION } from './version.js'

/** What the engine stands on; `main.ts` gives it the browser's, Node and tests their own. */
export interface Ground {
  fetch: typeof fetch
  /** @throws when nothing can be kept on disk here */
  openLog(on: DiskOptions): Promise<EventLog>
  openStore(): PackStore
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

export class Engine implements EngineApi {
  readonly #ground: Ground
  #config!: EngineConfig
  #listener: (event: EngineEvent) => void = () => {}
  #consent: ConsentState = 'unknown'
  #visitor!: Visitor
  #library!: PackLibrary
  #store: PackStore | undefined
  #tabs: Tabs | undefined
  #serving: Serving | undefined
  #packState: PackState = 'none'
  #packError: string | undefined
  #revalidated = 0
  #evidence: (Known & { model: Model; until: number }) | undefined
  /** Settles when the first pack serves or there is none to be had. */
  #opened: Promise<void> = Promise.resolve()
  /** Settles when what earlier pages kept is in memory. */
  #remembered: Promise<void> = Promise.resolve()
  #queue: Promise<unknown> = Promise.resolve()

  constructor(ground: Ground) {
    this.#ground = ground
  }

  async start(config: EngineConfig, listener: (event: EngineEvent) => void): Promise<EngineStatus> {
    this.#config = config
    this.#listener = listener
    this.#visitor = new Visitor(config.retention)
    this.#library = new PackLibrary({
      url: config.pack,
      maxPackBytes: config.maxPackBytes,
      fetch: this.#ground.fetch,
      onProgress: (loaded, total) => this.#tell({ type: 'progress', loaded, total }),
      ...(config.key === undefined ? {} : { key: config.key }),
    })
    this.#tabs = this.#ground.openTabs((message) => this.#hear(message))
    await this.#decide(config.consent)
    return this.status()
  }

  async setConsent(state: ConsentState): Promise<void> {
    if (state === this.#consent) return
    // Told first: other tabs hold the database open, and it can only be deleted once they let go.
    if (state === 'denied') this.#tabs?.send({ type: 'denied' })
    await this.#decide(state)
  }

  async track(input: WireEvent[]): Promise<string[]> {
    const { events, refused } = validateEvents(input, this.#ground.now())
    const done = [...refused, ...events.map(({ id }) => id)]
    if (this.#consent === 'denied') return done
    await this.#remembered
    // The decision may have changed while the disk was read.
    if ((this.#consent as ConsentState) === 'denied') return done
    const stored = this.#visitor.add(events)
    this.#evidence = undefined
    if (this.#consent === 'granted') this.#tabs?.send({ type: 'events', events })
    await stored
    // Encode now, so that the next ranking finds the query vector ready.
    setTimeout(() => this.#serving && this.#known(this.#serving.model), 0)
    return done
  }

  rank(request: RankRequest): Promise<Ranking | Declined> {
    return this.#answer((model, known) => answerRank(model, known, request))
  }

  recommend(request: RecommendRequest): Promise<Ranking | Declined> {
    return this.#answer((model, known) => answerRecommend(model, known, request))
  }

  similar(request: SimilarRequest): Promise<Ranking | Declined> {
    return this.#answer((model, known) => answerSimilar(model, known, request))
  }

  explain(id: string): Promise<Explanation | Declined> {
    return this.#answer((model, known) => answerExplain(model, known, id))
  }

  async export(): Promise<DeviceData> {
    await this.#remembered
    return {
      consent: this.#consent,
      kept: this.#consent === 'denied' ? 'nothing' : this.#visitor.kept,
      events: [...this.#visitor.all()],
      profile: this.#visitor
        .interests(this.#ground.now())
        .map(({ id, strength }) => ({ item: id, strength })),
      sentBytes: 0,
    }
  }

  async forget(item?: string): Promise<void> {
    this.#evidence = undefined
    await this.#enqueue(async () => {
      await this.#remembered
      if (item === undefined) await this.#visitor.erase()
      else await this.#visitor.forgetItem(item)
      this.#evidence = undefined
    })
    this.#tabs?.send(item === undefined ? { type: 'forgotten' } : { type: 'forgotten', item })
  }

  async status(): Promise<EngineStatus> {
    const status: EngineStatus = {
      version: VERSION,
      consent: this.#consent,
      pack: { state: this.#packState },
      events: {
        session: this.#visitor.session(this.#ground.now()).length,
        stored: this.#consent === 'granted' ? await this.#visitor.stored() : 0,
      },
      storage: this.#store?.kind ?? 'none',
    }
    if (this.#serving) {
      const { pack, model, from } = this.#serving
      const { sequence, created, items, minSessions } = pack.manifest
      const { bytes, release } = pack
      Object.assign(status.pack, {
        from,
        sequence,
        created,
        items,
        minSessions,
        bytes,
        signed: release.signed,
      })
      status.backend = model.scorer.backend
    }
    if (this.#packError !== undefined) status.pack.error = this.#packError
    return status
  }

  async stop(): Promise<void> {
    await this.#queue
    this.#visitor.close()
    this.#tabs?.close()
  }

  /** Brings memory, disk and pack into line with a decision. */
  async #decide(state: ConsentState): Promise<void> {
    this.#consent = state
    this.#evidence = undefined
    this.#tell({ type: 'consent', state })
    if (state === 'denied') {
      this.#visitor.lose()
      this.#serving = undefined
      this.#store = undefined
      this.#packState = 'none'
      await this.#enqueue(() => this.#eraseAll())
      return
    }
    if (state === 'granted') {
      // Behind whatever the queue still has to erase; the log and the pack side by side.
      const before = this.#queue
      this.#store = this.#ground.openStore()
      this.#remembered = before.then(() => this.#remember())
      void this.#enqueue(() => this.#remembered)
      if (this.#serving) await this.#keepPack()
      else this.#opened = before.then(() => this.#open())
    } else if (!this.#serving) {
      this.#opened = this.#open()
    }
  }

  async #remember(): Promise<void> {
    if (this.#consent !== 'granted') return
    try {
      const log = await this.#ground.openLog({
        onErased: () => this.#erasedElsewhere(),
        onTrouble: (message) => this.#tell({ type: 'trouble', message }),
      })
      await this.#visitor.keep(log, this.#ground.now())
    } catch (error) {
      this.#tell({ type: 'trouble', message: `events are kept in memory only: ${messageOf(error)}` })
    }
  }

  async #eraseAll(): Promise<void> {
    await this.#visitor.erase().catch(() => {})
    this.#visitor.close()
    await this.#ground.eraseDisk()
  }

  /** Serves the stored pack if there is one and asks the network in the background, else waits for the network. */
  async #open(): Promise<void> {
    this.#packState = 'loading'
    this.#revalidated = this.#ground.now()
    if (!this.#store || !(await this.#openStored(this.#store))) return this.#refresh()
    setTimeout(() => {
      void this.#complete(false)
      void this.#refresh()
    }, 0)
  }

  /** Whether a pack of the store serves now: the last good one, else the one before. */
  async #openStored(store: PackStore): Promise<boolean> {
    for (;;) {
      const stored = await this.#library.stored(store).catch(() => undefined)
      if (!stored) return false
      try {
        if (!stored.pack.manifest.disabled) await this.#switchTo(stored.pack, stored.from)
        else this.#disable()
        return true
      } catch (error) {
        this.#packFailed(error)
        // A refused pack gives its place in the store to the one before it, so this ends.
        await this.#library.refuse(store, stored.pack)
      }
    }
  }

  async #refresh(): Promise<void> {
    this.#revalidated = this.#ground.now()
    try {
      const { pack, disabled } = await this.#library.refresh(this.#store, this.#serving?.pack)
      if (this.#consent === 'denied') return
      if (disabled) return this.#disable()
      if (this.#packState === 'disabled' && this.#serving) this.#packState = 'ready'
      if (pack) {
        try {
          await this.#switchTo(pack, 'network')
        } catch (error) {
          await this.#library.refuse(this.#store, pack)
          throw error
        }
      }
      void this.#complete(pack !== undefined)
    } catch (error) {
      this.#packFailed(error)
    }
  }

  /** What no ranking waits for: a new pack is kept, titles and prices are added. */
  async #complete(fresh: boolean): Promise<void> {
    try {
      if (fresh) await this.#keepPack()
      if (this.#serving) await this.#library.complete(this.#serving.pack, this.#store)
    } catch (error) {
      this.#packFailed(error)
    }
  }

  #disable(): void {
    this.#packState = 'disabled'
    this.#tell({ type: 'disabled' })
  }

  async #switchTo(pack: Pack, from: Serving['from']): Promise<void> {
    const model = await serve(pack, this.#config.backend)
    if (this.#consent === 'denied') return
    this.#serving = { pack, model, from }
    this.#evidence = undefined
    this.#packState = 'ready'
    this.#packError = undefined
    this.#tell({ type: 'ready', from, sequence: pack.manifest.sequence })
  }

  async #keepPack(): Promise<void> {
    await this.#enqueue(async () => {
      if (this.#consent !== 'granted' || !this.#store || !this.#serving) return
      this.#store = await this.#library.keep(this.#store, this.#serving.pack)
    })
  }

  /** An older pack may go on serving; without one the server's order stands. */
  #packFailed(error: unknown): void {
    this.#packError = messageOf(error)
    if (!this.#serving) this.#packState = 'failed'
    this.#tell({ type: 'pack-error', message: this.#packError })
  }

  async #answer<T>(work: (model: Model, known: Known) => T): Promise<T | Declined> {
    if (this.#consent === 'denied') return { by: 'server', why: 'denied' }
    try {
      await Promise.all([this.#opened, this.#remembered])
      if (Math.abs(this.#ground.now() - this.#revalidated) > REVALIDATE_MS) void this.#refresh()
      if ((this.#consent as ConsentState) === 'denied') return { by: 'server', why: 'denied' }
      if (this.#packState === 'disabled') return { by: 'server', why: 'disabled' }
      if (!this.#serving) return { by: 'server', why: 'no-pack' }
      return work(this.#serving.model, this.#known(this.#serving.model))
    } catch (error) {
      this.#tell({ type: 'trouble', message: messageOf(error) })
      return { by: 'server', why: 'error' }
    }
  }

  /** The evidence of now, made anew after an event, a new pack, or when the session may have ended. */
  #known(model: Model): Known {
    const now = this.#ground.now()
    if (
      this.#evidence?.model === model &&
      now < this.#evidence.until &&
      now >= this.#evidence.until - EVIDENCE_MS
    ) {
      return this.#evidence
    }
    const { catalog } = model
    /** Ids to rows; what the pack does not know says nothing here. */
    const known = <T extends { id: string }>(list: T[]) =>
      list.map((entry) => ({ ...entry, row: catalog.rowOf(entry.id) })).filter(({ row }) => row >= 0)
    const steps = known(this.#visitor.session(now))
    const interests = known(this.#visitor.interests(now))
    this.#evidence = {
      model,
      until: now + EVIDENCE_MS,
      evidence: gather(model, steps, interests),
      unwanted: this.#visitor.unwanted(),
    }
    return this.#evidence
  }

  #hear(message: TabMessage): void {
    if (message.type === 'denied') void this.#decide('denied')
    else if (this.#consent !== 'granted') return
    else if (message.type === 'events')
      this.#visitor.hear(validateEvents(message.events, this.#ground.now()).events)
    else if (message.item === undefined) this.#erasedElsewhere()
    else this.#visitor.loseItem(message.item)
    this.#evidence = undefined
  }

  #erasedElsewhere(): void {
    this.#visitor.lose()
    this.#evidence = undefined
    this.#tell({ type: 'forgotten' })
  }

  #enqueue<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(work)
    this.#queue = turn.catch(() => {})
    return turn
  }

  #tell(event: EngineEvent): void {
    try {
      this.#listener(event)
    } catch {
      // The page may be gone; the engine must go on.
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
