/**
 * The record that every ranking works on: columns with one entry a candidate, in the order of the list so far.
 *
 * A source makes it. Steps then change it one after the other (`pipeline.ts`): they write a column, put the entries in
 * another order, drop some or add some. Nothing is worked out twice: what the page is told is read from the columns.
 *
 * To add a part of the score, name it in FEATURES and write its column in `relevance.ts`. To add a step, write a
 * function of type Step in a file of its own and name it in `pipeline.ts`.
 */
import type {
  Attributes,
  AttributeValue,
  Broken,
  RankingSettings,
  RuleEffect,
  ShownList,
  Source,
  WireEvent,
} from '../protocol.js'
import type { Evidence, ServingModel } from './evidence.js'
import { NO_REFUSALS, type Refusals } from './refusals.js'

/**
 * The parts of a candidate's relevance, (dense + tables) * repeat; see `blend.ts`.
 * - `dense`: from the query vector, by the session and the profile
 * - `tables`: from the neighbours of the visitor's items
 * - `repeat`: the factor for items that the visitor has looked at already; 1 for all others
 * - `against`: what the visitor's dislikes take from the logarithm of the score; see `dislikes.ts`
 */
export const FEATURES = ['dense', 'tables', 'repeat', 'against'] as const

/** A column for each feature. */
export type Features = Record<(typeof FEATURES)[number], Float64Array>

/** What the numbers in `Candidates.source` stand for. */
export const SOURCES: readonly Source[] = [
  'server',
  'session',
  'neighbours',
  'profile',
  'popular',
  'similar',
  'viewed',
  'content',
  'trending',
  'fresh',
  'rule',
  'repurchase',
]

export interface Candidates {
  /** Row in the catalogue; -1 for an item that is not scored: the pack lacks it, or its id is missing or repeated. */
  rows: Int32Array
  /** Index in the request; -1 for an item that the request did not name. */
  index: Int32Array
  /** Who put the item forward first: an index into SOURCES. */
  source: Uint8Array
  /** Everyone who put it forward: a bit for each of SOURCES. */
  found: Uint16Array
  features: Features
  /** Higher is better; 0 before scoring. */
  score: Float64Array
  /** What the rules did: the last step adds it. */
  rules?: {
    /** By candidate; read them with `effectsOn`. */
    effects: ReadonlyMap<number, readonly RuleEffect[]>
    broken: readonly Broken[]
  }
  /** With exploration: the probability of each drawn item at its position, by `keyOf`. */
  drawn?: ReadonlyMap<number, number>
  /** The same for each position of the finished list; see `ShownList`. */
  propensities?: number[]
}

/** What is known of the visitor when a request comes. */
export interface Known {
  evidence: Evidence
  /** Ids that the visitor wants to see less of. */
  unwanted: ReadonlySet<string>
  /** What speaks against items and their like. */
  refusals: Refusals
  /** Everything that the device remembers, oldest first. */
  events: readonly WireEvent[]
  lists: readonly ShownList[]
  /** Unix milliseconds by the page's clock. */
  now: number
  /** Rows that fit what the visitor searched for or the page they came to, the best first. Worked out when first asked. */
  asked(): readonly number[]
}

/**
 * What a shop's settings make of lists: rules, variety, exploration; and the second stage, where the pack has one. It is a part of
 * its own (`worker/shape`), because most shops have neither.
 */
export interface Shape {
  /** Step: the second stage. */
  stage: Step
  /** Step, where the engine chose the candidates: drops those that rules are against, down to `depth` that are left. */
  permitted: Step
  /** The last step: variety, exploration and rules. Where the engine chose the candidates, it cuts the list to `limit`. */
  last: Step
  /** How many candidates the last step needs to choose from. */
  depthFor(context: RankContext): number
  /** Whether a rule that does not hold in the list may hold with more candidates. */
  hopesForMore(list: Candidates, context: RankContext): boolean
  /** What rules do to the i-th candidate by itself, in whichever list it stands. */
  effectsAlone(list: Candidates, context: RankContext, i: number): RuleEffect[]
}

/** How a list is made: what pack, shop, slot and call say, put together, and what follows it. */
export type Made = Partial<Pick<RankContext, 'settings' | 'shape'>>

/** What a ranking is made for. The same for all of its steps. */
export interface RankContext extends Known {
  model: ServingModel
  /** Name of the request: the seed of what is drawn for it. */
  requestId: string
  settings: RankingSettings
  /** What follows the settings; without it, lists are made as if nothing were set but the rules of `plain.ts`. */
  shape?: Shape | undefined
  /** How many leading positions are asked for. */
  limit: number
  /** How many candidates of the catalogue come to the rules, which may need more than `limit`. */
  depth: number
  /** The request's ids, in the server's order. */
  ids: readonly string[]
  /** What the page says about each id of the request. */
  facts: readonly (Attributes | undefined)[]
  /** The server's score of each id of the request, NaN where it has none; empty if it has none at all. */
  serverScores: Float64Array
  /** Indices of ids that keep their positions. */
  fixed: ReadonlySet<number>
  /** Rows that no source may put forward. */
  excluded: ReadonlySet<number>
  /** Also keep every candidate that is tied with the last one: evaluation counts ties against the model. */
  ties: boolean
}

/** Where candidates come from. */
export type CandidateSource = (context: RankContext) => Candidates

/** Puts rows of the catalogue forward, and says what the page is told that they come from. */
export type Generator = (context: RankContext) => { source: Source; rows: Iterable<number> }[]

/** From the list so far to the next one. A step never changes the columns it is given. */
export type Step = (list: Candidates, context: RankContext) => Candidates

/** @param rest what the request says; what it leaves out has its usual value */
export function contextOf(model: ServingModel, known: Known, rest: Partial<RankContext> = {}): RankContext {
  const { limit = Infinity } = rest
  return {
    model,
    requestId: '',
    limit,
    depth: limit,
    ids: [],
    facts: [],
    serverScores: new Float64Array(),
    fixed: new Set(),
    excluded: new Set(),
    settings: {},
    ties: false,
    ...known,
    ...rest,
  }
}

/** A visitor of whom only the evidence is known. */
export function knownBy(evidence: Evidence): Known {
  return {
    evidence,
    unwanted: new Set(),
    refusals: NO_REFUSALS,
    events: [],
    lists: [],
    now: 0,
    asked: () => [],
  }
}

/** Candidates that one source puts forward and nobody has scored; rows of the catalogue, or -1. */
export function candidates(rows: ArrayLike<number>, source: Source): Candidates {
  const { length } = rows
  const code = SOURCES.indexOf(source)
  return {
    rows: Int32Array.from(rows),
    index: new Int32Array(length).fill(-1),
    source: new Uint8Array(length).fill(code),
    found: new Uint16Array(length).fill(1 << code),
    features: everyFeature(() => new Float64Array(length)),
    score: new Float64Array(length),
  }
}

/** The entries at these places, in this order: for sorting and for dropping. */
export function take(
  { rows, index, source, found, features, score }: Candidates,
  places: Uint32Array,
): Candidates {
  return {
    rows: picked(rows, places),
    index: picked(index, places),
    source: picked(source, places),
    found: picked(found, places),
    features: everyFeature((name) => picked(features[name], places)),
    score: picked(score, places),
  }
}

/** One list behind the other. */
export function concat(first: Candidates, second: Candidates): Candidates {
  return {
    rows: joined(first.rows, second.rows),
    index: joined(first.index, second.index),
    source: joined(first.source, second.source),
    found: joined(first.found, second.found),
    features: everyFeature((name) => joined(first.features[name], second.features[name])),
    score: joined(first.score, second.score),
  }
}

/** All generators that put the i-th candidate forward. */
export function foundBy({ found }: Candidates, i: number): Source[] {
  return SOURCES.filter((_, code) => found[i]! & (1 << code))
}

/** Tells candidates apart in any order of the list: those of the request are at least 0, the others below. */
export function keyOf({ rows, index }: Candidates, i: number): number {
  return index[i]! >= 0 ? index[i]! : -1 - rows[i]!
}

/** What the rules did to the i-th candidate. */
export function effectsOn(list: Candidates, i: number): readonly RuleEffect[] {
  return list.rules?.effects.get(keyOf(list, i)) ?? []
}

/** The id of the i-th candidate: as the request spells it, else the pack's. */
export function idAt({ model, ids }: RankContext, { rows, index }: Candidates, i: number): string {
  return index[i]! >= 0 ? ids[index[i]!]! : model.catalog.idOf(rows[i]!)
}

/** One attribute of the i-th candidate: as the page gives it, else the pack's. */
export function attributeOf(
  { model, facts }: RankContext,
  { rows, index }: Candidates,
  i: number,
  name: string,
): AttributeValue | undefined {
  const given = index[i]! >= 0 ? facts[index[i]!] : undefined
  const said = given && Object.hasOwn(given, name) ? given[name] : undefined
  if (said !== undefined) return said
  return rows[i]! >= 0 ? model.catalog.attribute(rows[i]!, name) : undefined
}

/** The list with a row for repeated ids too. They are not scored, but the pack knows what they are. */
export function withRepeats(list: Candidates, context: RankContext): Candidates {
  const { rows } = list
  if (!rows.includes(-1)) return list
  const rowOf = new Map<string, number>()
  rows.forEach((row, i) => {
    if (row >= 0) rowOf.set(idAt(context, list, i), row)
  })
  return { ...list, rows: rows.map((row, i) => (row < 0 ? (rowOf.get(idAt(context, list, i)) ?? -1) : row)) }
}

type Column = Int32Array | Uint8Array | Uint16Array | Float64Array

function everyFeature(columnOf: (name: keyof Features) => Float64Array): Features {
  return Object.fromEntries(FEATURES.map((name) => [name, columnOf(name)])) as Features
}

function picked<T extends Column>(column: T, places: Uint32Array): T {
  const values = emptyLike(column, places.length)
  for (let i = 0; i < places.length; i++) values[i] = column[places[i]!]!
  return values
}

function joined<T extends Column>(column: T, behind: T): T {
  const values = emptyLike(column, column.length + behind.length)
  values.set(column)
  values.set(behind, column.length)
  return values
}

function emptyLike<T extends Column>(column: T, length: number): T {
  return new (column.constructor as new (length: number) => T)(length)
}
