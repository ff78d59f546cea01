/**
 * The three attacks on one pack. If no outsiders are given, a pack is trained in the same way on a part of the log,
 * so that members and outsiders are drawn at random from the same days. If no earlier pack is given, one is trained
 * without the last day.
 */
import type { ServingModel } from '../../../worker/rank/evidence.js'
import type { Interactions } from '../data/interactions.js'
import { positiveLog } from '../model/log/log.js'
import type { TrainOptions } from '../model/options.js'
import { type Completion, completion } from './completion.js'
import { type Difference, difference, type Opened } from './difference.js'
import { type Membership, membership } from './membership.js'
import { rehearse, type Sources } from './rehearse.js'
import { ownVector } from './signals.js'
import { castLots, lastDay, renumbered, sessionsOf } from './split.js'
import { type Knowledge, type Suspect, suspectsOf } from './suspects.js'

/** A loaded pack, and the facts of its training from the manifest. */
export interface Given {
  model: ServingModel
  minSessions: number
  sessions: number
}

export interface Attacked {
  k: number
  /**
   * `rehearsed`: on a pack trained like this one, with members and outsiders drawn at random. `given`: on the pack
   * itself.
   */
  protocol: 'rehearsed' | 'given'
  /** Whether all ids of the pack are items of the log. Then the list of ids shows which items were seen. */
  idsFromLog: boolean
  membership: Membership
  completion: Completion
  difference: Difference
  /** Problems that make these figures less reliable. */
  notes: string[]
}

/** The log of the training, and optionally another one. */
export interface Logs extends Sources {
  /** A log of the same shop that the pack was not trained on. */
  outsiders?: Interactions | undefined
}

type Rehearsal = Omit<TrainOptions, 'onProgress'> & {
  onProgress: (phase: string, done: number, total: number) => void
}

export async function attack(
  pack: Given,
  before: Given | undefined,
  logs: Logs,
  options: Rehearsal,
): Promise<Attacked> {
  const { training } = logs
  const { catalog } = pack.model
  const notes: string[] = []
  const sessions = positiveLog(training).sessions
  if (sessions !== pack.sessions) {
    notes.push(
      `the pack was trained on ${pack.sessions} sessions, but the log has ${sessions}. Give the log that it was trained on; with another log the figures show less risk than there is`,
    )
  }
  const from = addedFrom(pack, before, training)
  const seen = new Set(Array.from(new Set(training.rows), (row) => training.ids[row]!))
  let idsFromLog = true
  for (let row = 0; row < catalog.size && idsFromLog; row++) idsFromLog = seen.has(catalog.idOf(row))
  const asked = logs.outsiders
    ? { ...given(pack, training, logs.outsiders, options.seed), model: pack.model, reference: null }
    : await rehearsed(logs, pack.minSessions, options)
  const progress = (phase: string) => (done: number, total: number) => options.onProgress(phase, done, total)
  const { seed, signal } = options
  return {
    k: pack.minSessions,
    protocol: logs.outsiders ? 'given' : 'rehearsed',
    idsFromLog,
    membership: await membership(asked.model, asked.reference, asked.members, asked.outsiders, idsFromLog, {
      seed,
      signal,
      onProgress: progress('membership'),
    }),
    completion: await completion(asked.model, asked.members, asked.outsiders, {
      seed,
      signal,
      onProgress: progress('completion'),
    }),
    difference: await differences(pack, before, from, logs, options),
    notes,
  }
}

interface Asked {
  members: Suspect[]
  outsiders: Suspect[]
}

/** The latest sessions of the training, as many as there are outsiders, and the outsiders. */
function given(
  { model, minSessions: k }: Given,
  training: Interactions,
  later: Interactions,
  seed: number,
): Asked {
  const { catalog } = model
  const { rows, ids } = renumbered(later, training.ids)
  const log = positiveLog({ ...training, ids })
  const others = positiveLog({ ...later, rows, ids })
  const from = Math.max(0, training.offsets.length - later.offsets.length)
  const latest = Array.from({ length: training.offsets.length - 1 - from }, (_, i) => from + i)
  const members = positiveLog({ ...sessionsOf(training, latest), ids })
  const packRows = Int32Array.from(ids, (id) => catalog.rowOf(id))
  const knowledge: Knowledge = {
    packRows,
    listed: Uint8Array.from(packRows, (row) => (row < 0 ? 0 : 1)),
    hidden: (row) => !ownVector(model, row),
    k,
  }
  return {
    members: suspectsOf(members, log, true, knowledge, seed),
    outsiders: suspectsOf(others, log, false, knowledge, seed),
  }
}

async function rehearsed(
  { training, ...sources }: Sources,
  k: number,
  options: Rehearsal,
): Promise<Asked & { model: ServingModel; reference: ServingModel }> {
  const parts = castLots(training, options.seed)
  const join = (...sessions: number[][]) =>
    sessionsOf(
      training,
      sessions.flat().sort((a, b) => a - b),
    )
  const own = join(parts.base, parts.members)
  const pack = async (name: string, data: Interactions) =>
    rehearse({ training: data, ...sources }, trainingOf(options, name))
  const model = await pack('rehearsal 1 of 2', own)
  const reference = await pack('rehearsal 2 of 2', join(parts.base, parts.reference))
  // The rehearsal knows all ids, as with a catalogue. Which ids the list would contain without one is known from the
  // log.
  const listed = new Uint8Array(training.ids.length)
  for (const row of own.rows) listed[row] = 1
  const knowledge: Knowledge = {
    packRows: Int32Array.from(training.ids, (_, row) => row),
    listed,
    hidden: (row) => !ownVector(model, row),
    k,
  }
  const log = positiveLog(own)
  const suspects = (sessions: number[], member: boolean) =>
    suspectsOf(positiveLog(join(sessions)), log, member, knowledge, options.seed)
  return {
    model,
    reference,
    members: suspects(parts.members, true),
    outsiders: suspects(parts.outsiders, false),
  }
}

/** First of the sessions that are in the pack but not in the one before. */
function addedFrom(pack: Given, before: Given | undefined, training: Interactions): number {
  if (!before) return lastDay(training)
  if (before.sessions >= pack.sessions) {
    throw new Error(
      `The pack before was trained on ${before.sessions} sessions and this one on ${pack.sessions}: expected fewer before. Is --before the earlier pack?`,
    )
  }
  return Math.max(0, training.offsets.length - 1 - (pack.sessions - before.sessions))
}

/** @param from index of the first new session */
async function differences(
  pack: Given,
  before: Given | undefined,
  from: number,
  { training, ...sources }: Sources,
  options: Rehearsal,
): Promise<Difference> {
  const sessions = training.offsets.length - 1
  const all = Array.from({ length: sessions }, (_, s) => s)
  const earlier =
    before?.model ??
    (await rehearse(
      { ...sources, training: sessionsOf(training, all.slice(0, from)) },
      trainingOf(options, 'the day before'),
    ))
  const opened = ({ catalog }: ServingModel): Opened => ({
    catalog,
    rowOf: Int32Array.from(training.ids, (id) => catalog.rowOf(id)),
  })
  return difference(opened(earlier), opened(pack.model), positiveLog(sessionsOf(training, all.slice(from))))
}

function trainingOf({ onProgress, ...options }: Rehearsal, name: string): TrainOptions {
  return { ...options, onProgress: ({ phase, done, total }) => onProgress(`${name}: ${phase}`, done, total) }
}
