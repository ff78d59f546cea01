/**
 * Connects the parts of the engine: the decision (`engine/consent.ts`), the visitor (`feedback/visitor.ts`), the pack in use
 * (`engine/pack-in-use.ts`) and the answers (`engine/answers.ts`). Work on storage runs in one queue, so a denial and a write
 * never run at the same time. In memory a denial takes effect at once.
 */
import { type Answers, createAnswers } from './engine/answers.js'
import { type Consent, createConsent } from './engine/consent.js'
import type { Ground, Parts } from './engine/ground.js'
import { landingOf } from './engine/landing.js'
import { liveOf, type WithLive, withLive } from './engine/live.js'
import { warnOfUnknown } from './engine/options.js'
import { createPackInUse, type PackInUse } from './engine/pack-in-use.js'
import { createShaping, type Shaping } from './engine/shaping.js'
import { currentSession, profile } from './feedback/history.js'
import type { EventLog, Retention } from './feedback/log.js'
import type { Strengths } from './feedback/signals.js'
import { checkedStrengths } from './feedback/strengths.js'
import type { TabMessage, Tabs } from './feedback/tabs.js'
import { validateEvents, validateLists } from './feedback/validate.js'
import { createVisitor, type Visitor } from './feedback/visitor.js'
import { permitted, type StoreChain } from './pack/store/open.js'
import type {
  Decision,
  Declined,
  EngineApi,
  EngineEvent,
  ListRequest,
  PageApi,
  RankedItems,
  Ranking,
  ShownList,
  WireEvent,
} from './protocol.js'
import { answerRank, answerRecommend, answerSimilar } from './rank/answer.js'
import type { Known, Made } from './rank/candidates.js'
import type { ServingModel } from './rank/evidence.js'
import type { Given } from './rank/record.js'
import { VERSION } from './version.js'

/** How many lists are kept for explanations. */
const EXPLAINABLE = 20

export function createEngine(ground: Ground): EngineApi {
  let retention: Retention
  let page: PageApi
  let consent: Consent
  let visitor: Visitor
  let pack: PackInUse
  let answers: Answers
  let shaping: Shaping
  let strengthsOf: (model?: ServingModel) => Strengths
  let tabs: Tabs
  /** The latest lists, for explanations. */
  let given: Given[] = []
  let store: StoreChain | undefined
  /** Settles when the events that earlier pages stored are in memory, and `reading` when these are being read. */
  let remembered: Promise<void> | undefined
  let reading: Promise<void> | undefined
  let queue: Promise<unknown> = Promise.resolve()
  /** True while data that an earlier page stored must be erased and is not yet. */
  let unerased = false

  function enqueue(work: () => Promise<void>): Promise<void> {
    const turn = queue.then(work)
    queue = turn.catch(() => {})
    return turn
  }

  function tell(event: EngineEvent): void {
    // The page may be gone. Then the message fails, and the engine goes on.
    void Promise.resolve(event)
      .then((event) => page.hear(event))
      .catch(() => {})
  }

  const trouble = (message: string) => tell({ type: 'trouble', message })

  /** Makes memory, disk and pack match a decision. */
  async function decide(decision: Decision): Promise<void> {
    const { state, grant } = decision
    const earlier = consent.decision
    // The record of the grant has changed, so there was a denial in between that this page has not heard of.
    if (earlier.state === 'granted' && earlier.grant !== grant) lose()
    consent.set(decision)
    tell({ type: 'consent', state })
    store?.leave()
    store = undefined
    if (state === 'denied') {
      lose()
      pack.close()
      return enqueue(erase)
    }
    // Both wait for erasures that are still in the queue. Then the log and the pack are opened at the same time.
    const before = queue
    if (state === 'granted' && grant !== undefined) {
      store = permitted(ground.openStore(), consent.permit)
      const begun = new Promise<void>((resolve) => {
        remembered = before.then(() => remember(resolve))
      })
      reading = Promise.race([begun, remembered!])
      void enqueue(() => remembered!)
      if (pack.model) return pack.keep(store)
    } else if (state === 'granted')
      trouble('The grant cannot be recorded here: everything is kept in memory only.')
    else if (grant === undefined) void enqueue(erase)
    if (!pack.model) pack.open(before, store)
  }

  /** Erases what any page has stored. If that fails, the next page tries again. */
  async function erase(): Promise<void> {
    unerased = true
    if (consent.denied) lose()
    visitor.close()
    try {
      await consent.erase(() => ground.eraseDisk())
      unerased = false
    } catch (error) {
      trouble(`What is stored on this device could not be erased: ${messageOf(error)}`)
    }
  }

  /** Opens the log of the grant that stands, even if nothing may be added to it at the moment. */
  const openLog = async (grant: string): Promise<EventLog> =>
    ground.openLog({
      grant,
      permit: consent.permit,
      alone: consent.alone,
      onErased: () => erasedElsewhere(),
      onTrouble: trouble,
    })

  async function remember(begun: () => void): Promise<void> {
    const { grant } = consent
    if (grant === undefined) return
    try {
      await visitor.keep(await openLog(grant), ground.now(), begun)
    } catch (error) {
      trouble(`Events are kept in memory only: ${messageOf(error)}`)
    }
    if (consent.denied) lose()
  }

  /** Runs work on stored data while the consent manager has not reported a decision yet. */
  async function pending<T>(work: (log: EventLog) => Promise<T>): Promise<T | undefined> {
    const { state, grant } = consent.decision
    if (state === 'denied' || grant === undefined) return undefined
    const log = await openLog(grant)
    try {
      return await work(log)
    } finally {
      log.close()
    }
  }

  function hear(message: TabMessage): void {
    if (message.type === 'denied') {
      // The visitor may have granted again since.
      if (message.grant === undefined || message.grant === (consent.grant ?? message.grant)) {
        void decide({ state: 'denied' })
      }
    } else if (consent.grant === undefined) return
    else if (message.type === 'events') visitor.hear(message.events)
    else erasedElsewhere(message.item)
  }

  /** Removes from memory what concerns one item, or everything: also what was worked out of it. */
  function lose(item?: string): void {
    visitor.lose(item)
    given = []
    answers.prepare()
  }

  function erasedElsewhere(item?: string): void {
    lose(item)
    tell({ type: 'forgotten', item })
  }

  /** What memory and disk hold together. Both are read, because other tabs write to the same disk. */
  async function everything(): Promise<{ events: WireEvent[]; lists: ShownList[]; onDisk: number }> {
    const disk = await pending(async (log) => ({
      events: await log.events(retention, ground.now()),
      lists: await log.lists(retention, ground.now()),
    })).catch(() => undefined)
    const { events, lists } = visitor
    const known = new Set(events.map(({ id }) => id))
    const shown = new Set(lists.map(({ requestId }) => requestId))
    return {
      events: [...(disk?.events ?? []).filter(({ id }) => !known.has(id)), ...events],
      lists: [...(disk?.lists ?? []).filter(({ requestId }) => !shown.has(requestId)), ...lists],
      onDisk: (disk?.events.length ?? 0) + (disk?.lists.length ?? 0),
    }
  }

  /**
   * Gives the answer the names of its request, and keeps the list as shown. Where the page has gone on without the answer,
   * the page reports that, before or after.
   */
  function named(items: RankedItems, { requestId, slot }: ListRequest): Ranking {
    const { ids, propensities } = items
    given = [...given.slice(1 - EXPLAINABLE), { requestId, slot, items }]
    if (ids.length > 0 && !visitor.lists.some((list) => list.requestId === requestId)) {
      const now = ground.now()
      visitor.show(validateLists([{ requestId, slot, time: now, by: 'device', ids, propensities }], now))
    }
    return { ...items, requestId, slot }
  }

  function answered<R extends ListRequest>(
    request: R,
    answer: (model: ServingModel, known: Known, request: R, made: Made) => RankedItems,
  ): Promise<Ranking | Declined> {
    return answers.answer(
      (model) => shaping.of(request, model),
      (model, known, made) => named(answer(model, known, request, made), request),
    )
  }

  return {
    async start(config, asked) {
      page = asked
      warnOfUnknown(config.options ?? [])
      const { days, events } = Object(config.retention)
      retention = { days: notNegative(days) ?? 180, events: notNegative(events) ?? 5000 }
      visitor = createVisitor(retention)
      const part = <Name extends keyof Parts>(name: Name) => ground.loadPart(name, config.parts?.[name])
      shaping = createShaping(config, () => part('shape'), trouble)
      // The page wins over the pack. Only the page is told what is wrong; `train` has told whoever made the pack.
      strengthsOf = (model) => checkedStrengths({ ...model?.strengths, ...config.strengths })
      checkedStrengths(config.strengths, (wrong) => trouble(`strengths: ${wrong}. It is ignored.`))
      consent = createConsent(ground.locks, page)
      pack = createPackInUse({
        url: config.pack,
        key: config.key,
        maxPackBytes: config.maxPackBytes,
        backend: config.backend ?? 'auto',
        fetch: ground.fetch,
        tell,
        now: ground.now,
      })
      const live = liveOf(config, trouble)
      if (live) {
        const { fetch } = ground
        pack = withLive(pack, () => part('live'), { config: live, key: config.key, fetch, trouble })
      }
      answers = createAnswers({
        consent,
        visitor,
        pack,
        landing: landingOf(config.context),
        loadAsked: () => part('asked'),
        strengthsOf,
        remembered: () => remembered,
        reading: () => reading,
        trouble,
        now: ground.now,
      })
      tabs = ground.openTabs(hear)
      await decide(config.consent)
      // The pack is on its way. Loading another file would stop this thread before.
      setTimeout(answers.seek)
      return this.status()
    },

    async setConsent(decision) {
      const { state, grant } = consent.decision
      if (decision.state === state && decision.grant === grant) return
      // Tell other tabs first: they hold the database open, and it can be deleted only after they have closed it.
      if (decision.state === 'denied') tabs.send({ type: 'denied', grant })
      await decide(decision)
    },

    async track(input) {
      const { events, refused } = validateEvents(input, ground.now())
      const ids = events.map(({ id }) => id)
      if (consent.denied) return [...refused, ...ids]
      // In memory the events count at once, even while the log is still being read.
      visitor.add(events)
      setTimeout(answers.prepare, 0)
      await remembered
      await visitor.settled()
      // The decision may have changed while the disk was used.
      if (consent.denied) return [...refused, ...ids]
      const own = visitor.events.filter(({ id }) => ids.includes(id))
      if (consent.grant !== undefined) tabs.send({ type: 'events', events: own })
      return [...refused, ...(visitor.keeping ? ids.filter(visitor.isStored) : ids)]
    },

    async shown(input) {
      if (!consent.denied) visitor.show(validateLists(input, ground.now()))
    },

    rank: (request) => answered(request, answerRank),
    recommend: (request) => answered(request, answerRecommend),
    similar: (request) => answered(request, answerSimilar),
    explain: (id) =>
      answers.answer(
        (model) => shaping.whole({ slot: '' }, model),
        (model, known, made) => made.explain(model, known, id, made, given),
      ),

    async export(boxed) {
      await queue
      await remembered
      await visitor.recall()
      await visitor.settled()
      const { events, lists, onDisk } = await everything()
      const known = new Set(events.map(({ id }) => id))
      const waiting = validateEvents(boxed, ground.now()).events.filter(({ id }) => !known.has(id))
      const { state } = consent.decision
      const memory = state === 'denied' ? 'nothing' : visitor.kept
      return {
        consent: state,
        kept: unerased || onDisk + waiting.length > 0 ? 'disk' : memory,
        events: [...events, ...waiting],
        lists,
        profile: profile(visitor.events, ground.now(), strengthsOf(pack.model)).map(
          ({ id: item, strength }) => ({ item, strength }),
        ),
        sentBytes: 0,
      }
    },

    async forget(item) {
      await enqueue(async () => {
        await remembered
        lose(item)
        await visitor.forget(item)
        await pending((log) => (item === undefined ? log.wipe() : log.removeItem(item)))
        if (unerased) await erase()
        if (unerased) throw new Error('what is stored on this device could not be erased')
      })
      tabs.send({ type: 'forgotten', item })
    },

    async status() {
      return {
        version: VERSION,
        consent: consent.decision.state,
        pack: pack.status,
        events: {
          session: currentSession(visitor.events, ground.now()).length,
          stored: visitor.stored,
        },
        storage: store?.kind ?? 'none',
        ...('live' in pack && { live: (pack as WithLive).live }),
        ...(pack.model ? { backend: pack.model.scorer.backend } : {}),
      }
    },

    async online() {
      pack.online()
    },

    async stop() {
      await queue
      await visitor.settled()
      pack.close()
      visitor.close()
      tabs.close()
    },
  }
}

/** The page may say anything. Compared with what is no number, nothing would ever be too old or too much. */
function notNegative(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 ? value : undefined
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
