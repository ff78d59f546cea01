/**
 * Removes the rows of a training log that do not show what customers did: rows with a wrong clock, returned
 * purchases, rows that were written twice, reloaded pages, and sessions of machines. Everything removed is counted
 * and reported. Nothing else in a log is changed, and a log for evaluation is not cleaned at all.
 * docs/training-data.md describes the rules and their reasons.
 *
 *     the table `events` -> clocks, returns -> sessions in arrays -> repeats, machines
 */
import { type Opened, placeOf } from '../cells.js'
import type { Database } from '../database.js'
import type { Interactions } from '../interactions.js'
import type { Draft } from '../sessions.js'
import { findClockJumps } from './clocks.js'
import { findMachines, type Machine } from './machines.js'
import { findRepeats, timesTellApart } from './repeats.js'
import { cancelReturns } from './returns.js'

/** Counts are rows of the log, if nothing else is said. */
export interface Cleaning {
  /** Removed: times far from all others. */
  clockJumps: number
  /** Removed: purchases that were returned or refunded. */
  returned: number
  /** Only reported: returns of items whose purchase is not in this log. */
  returnsUnmatched: number
  /** Removed: the same item, type and time again in one session. */
  duplicates: number
  /** Removed: the same item and type again within seconds. */
  refreshes: number
  /** Removed: sessions with a machine's pace, or that go through the whole catalogue, and their rows. */
  bots: number
  botSessions: number
  /** Removed: sessions far longer than this shop's others, and their rows. */
  runaways: number
  runawaySessions: number
  /** Only reported: rows that stand in the log before an earlier row of their session. They are sorted. */
  outOfOrder: number
  /** Kept, but never recommended: rows of items that are not in the catalogue, and the number of these items. */
  outOfCatalogue: number
  outOfCatalogueItems: number
  /** The first few of each kind, as `file:line: what`. */
  examples: string[]
}

/** Examples shown for each kind. */
const NAMED = 2

export class Cleaner {
  readonly report: Cleaning = {
    clockJumps: 0,
    returned: 0,
    returnsUnmatched: 0,
    duplicates: 0,
    refreshes: 0,
    bots: 0,
    botSessions: 0,
    runaways: 0,
    runawaySessions: 0,
    outOfOrder: 0,
    outOfCatalogue: 0,
    outOfCatalogueItems: 0,
    examples: [],
  }

  constructor(
    private readonly database: Database,
    private readonly files: readonly Opened[],
    private readonly time: Interactions['time'],
  ) {}

  /** Cleans the table `events`. Reads the table `returns`. */
  async cleanTables(): Promise<void> {
    const { database, report } = this
    if (this.time !== 'order') {
      const found = await findClockJumps(database)
      report.clockJumps = found.rows
      for (const { pos, t } of found.first.slice(0, NAMED)) {
        this.name(pos, `${new Date(t * 1000).toISOString().slice(0, 10)} is far from all other times`)
      }
    }
    const { cancelled, unmatched } = await cancelReturns(database)
    report.returned = cancelled.length
    report.returnsUnmatched = unmatched
    for (const pos of cancelled.slice(0, NAMED)) this.name(pos, 'a purchase that was returned')
  }

  /** Counts the events and items that are not in the catalogue. */
  async compareCatalogue(): Promise<void> {
    const [found] = await this.database.rows(
      `SELECT count(*)::DOUBLE AS events, count(DISTINCT item)::DOUBLE AS items
       FROM events ANTI JOIN catalogue ON item = item_id`,
    )
    this.report.outOfCatalogue = Number(found!.events)
    this.report.outOfCatalogueItems = Number(found!.items)
  }

  /**
   * @param ids by row
   * @returns 1 for each event to remove; Uint8Array, one entry per event of the draft
   */
  async cleanSessions(draft: Draft, ids: readonly string[]): Promise<Uint8Array> {
    const { report } = this
    report.outOfOrder = draft.outOfOrder
    const gone = new Uint8Array(draft.rows.length)
    const apart = timesTellApart(draft)
    if (apart) {
      const found = findRepeats(draft, this.time === 'real', gone)
      report.duplicates = found.duplicates.length
      report.refreshes = found.refreshes.length
      for (const e of found.duplicates.slice(0, NAMED)) {
        await this.nameEvent(draft, ids, e, 'the same row of the same session again')
      }
      for (const e of found.refreshes.slice(0, NAMED)) {
        await this.nameEvent(draft, ids, e, 'the same item again within seconds')
      }
    }
    const named: Record<string, number> = {}
    for (const { session, why, what } of findMachines(draft, gone, ids, this.time === 'real' && apart)) {
      const start = draft.starts[session]!
      const end = draft.starts[session + 1]!
      const rows = end - start
      gone.fill(1, start, end)
      this.count(why, rows)
      named[why] = (named[why] ?? 0) + 1
      if (named[why] <= NAMED) await this.nameEvent(draft, ids, start, what)
    }
    return gone
  }

  private count(why: Machine['why'], rows: number): void {
    if (why === 'length') {
      this.report.runaways += rows
      this.report.runawaySessions++
    } else {
      this.report.bots += rows
      this.report.botSessions++
    }
  }

  private async nameEvent(draft: Draft, ids: readonly string[], e: number, what: string): Promise<void> {
    const [found] = await this.database.rows(
      `SELECT max(pos) AS pos FROM events JOIN keys USING (key) WHERE code = ? AND t = ? AND item = ?`,
      [draft.codes[sessionOf(draft, e)]!, draft.times[e]!, ids[draft.rows[e]!]!],
    )
    if (typeof found?.pos === 'bigint') this.name(found.pos, what)
  }

  private name(pos: bigint, what: string): void {
    this.report.examples.push(`${placeOf(pos, this.files)}: ${what}`)
  }
}

function sessionOf({ starts }: Draft, event: number): number {
  let low = 0
  let high = starts.length - 1
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (starts[middle]! <= event) low = middle
    else high = middle
  }
  return low
}
