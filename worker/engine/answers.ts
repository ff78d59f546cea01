/** Answers the page's requests from the pack in use and from what is known of the visitor now. */
import type * as AskedPart from '../asked/part.js'
import { dislikes } from '../feedback/dislikes.js'
import { currentSession, profile } from '../feedback/history.js'
import { preferred, searched } from '../feedback/preferences.js'
import type { Strengths } from '../feedback/signals.js'
import { lessLike } from '../feedback/unwanted.js'
import type { Visitor } from '../feedback/visitor.js'
import type { Declined, Landing, Why } from '../protocol.js'
import type { Known, Made } from '../rank/candidates.js'
import { described } from '../rank/described.js'
import { gather, type ServingModel } from '../rank/evidence.js'
import { refusalsOf } from '../rank/refusals.js'
import type { Consent } from './consent.js'
import type { PackInUse } from './pack-in-use.js'

/** How long evidence may be reused without a new event. It has a limit, because the session ends with time. */
const EVIDENCE_MS = 60_000
/**
 * How long an answer waits, once the pack is ready, until the log is being read. That may begin seconds late, where an earlier
 * page was suspended in the midst of a write. Then lists are ranked by what this page knows. A log that is being read is waited
 * for: thousands of events take a slow device longer, and without them a returning visitor is a stranger.
 */
const LOG_MS = 50

export interface Answers {
  /**
   * Runs the work once everything is ready for it, or says why it cannot run. Never rejects.
   * @param made how the answer is made; a promise while what makes it is being loaded
   */
  answer<T, How extends Made>(
    made: (model: ServingModel) => How | Promise<How>,
    work: (model: ServingModel, known: Known, made: How) => T,
  ): Promise<T | Declined>
  /** Works everything out again that depends on the visitor, so that the query vector is ready for the next ranking. */
  prepare(): void
  /** Loads what reads searches, landing pages and preferences, if it is needed. Lists wait for it, so it begins early. */
  seek(): Promise<void>
}

export interface Parts {
  consent: Consent
  visitor: Visitor
  pack: PackInUse
  landing: Landing
  /** Loads what reads searches, landing pages and preferences. */
  loadAsked(): Promise<typeof AskedPart>
  strengthsOf(model: ServingModel): Strengths
  /** Settles when the events that earlier pages stored are in memory. */
  remembered(): Promise<void> | undefined
  /** Settles when these are being read, or `remembered` has settled. */
  reading(): Promise<void> | undefined
  trouble(message: string): void
  now(): number
}

export function createAnswers({
  consent,
  visitor,
  pack,
  landing,
  loadAsked,
  strengthsOf,
  remembered,
  reading,
  trouble,
  now,
}: Parts): Answers {
  let part: typeof AskedPart | undefined
  /** Settles when the part was loaded, or could not be. */
  let sought: Promise<void> | undefined
  let lately:
    | (Omit<Known, 'lists' | 'now'> & { model: ServingModel; facts: number; part: unknown; since: number })
    | undefined

  /** The present evidence. It is computed again after an event, for a new pack, or when the session may have ended. */
  function known(model: ServingModel): Known {
    const time = now()
    const { events } = visitor
    // Preferences, searches and dislikes are about categories and brands. These are known once the catalogue's facts are there.
    const facts = described(model.catalog)
    if (
      lately?.model !== model ||
      lately.events !== events ||
      lately.facts !== facts ||
      lately.part !== part ||
      !(Math.abs(time - lately.since) < EVIDENCE_MS)
    ) {
      /** Turns ids into rows. Items that the pack does not know are left out. */
      const inPack = <T extends { id: string }>(list: T[]) =>
        list.map((entry) => ({ ...entry, row: model.catalog.rowOf(entry.id) })).filter(({ row }) => row >= 0)
      const strengths = strengthsOf(model)
      const said = preferred(events)
      const liked = said && part?.interestsIn(model.catalog, said)
      const interests = inPack(profile(events, time, strengths))
      const session = inPack(currentSession(events, time, strengths))
      const evidence = gather(model, session, interests, false, liked)
      let found: readonly number[] | undefined
      const rows = () => {
        const query = searched(events, time) ?? landing.query
        found ??= part?.askedBy(model.catalog, { ...landing, query }, said, interests.length > 0)
        return found ?? []
      }
      const refusals = refusalsOf(model, dislikes(events, time, strengths))
      lately = {
        model,
        events,
        facts,
        part,
        since: time,
        evidence,
        unwanted: lessLike(events),
        refusals,
        asked: rows,
      }
    }
    return { ...lately, lists: visitor.lists, now: time }
  }

  async function seek(): Promise<void> {
    await remembered()
    const { events } = visitor
    // Before the first look, or where the visitor has said what they like.
    const counts = currentSession(events, now()).length === 0 || preferred(events) !== undefined
    if (consent.denied || !counts) return
    sought ??= loadAsked().then(
      (loaded) => {
        part = loaded
      },
      // Lists are made as if the visitor had asked for nothing.
      () => {},
    )
    await sought
  }

  async function why(): Promise<Why | ServingModel> {
    if (!consent.denied) {
      await pack.opened
      const late = new Promise<'late'>((resolve) => setTimeout(resolve, LOG_MS, 'late'))
      if ((await Promise.race([reading(), late])) !== 'late') await seek()
    }
    if (consent.denied) return 'denied'
    pack.revalidate()
    return pack.state === 'disabled' ? 'disabled' : (pack.model ?? 'no-pack')
  }

  return {
    async answer(made, work) {
      try {
        for (;;) {
          const ready = await why()
          if (typeof ready === 'string') return { by: 'server', why: ready }
          const how = made(ready)
          if (!(how instanceof Promise)) return work(ready, known(ready), how)
          // Meanwhile the decision or the pack may change.
          await how
        }
      } catch (error) {
        trouble(error instanceof Error ? error.message : String(error))
        return { by: 'server', why: 'error' }
      }
    },
    seek,
    prepare() {
      try {
        if (pack.model) known(pack.model)
      } catch {
        // The next answer fails too, and tells why. Here an error would end the worker.
      }
    },
  }
}
