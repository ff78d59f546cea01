/** What `fit` (which starts from nothing) and `refit` (which starts from a parent pack) have in common. */

import { addContentVectors } from '../../../../worker/content/content.js'
import type { Catalogue } from '../../data/catalogue.js'
import type { Hyper } from '../../encoders/hyper.js'
import { KINDS } from '../../encoders/kinds.js'
import { normal, type Random } from '../../maths/random.js'
import type { Breath } from '../../running/breath.js'
import type { Log } from '../log/log.js'
import type { Support } from '../log/support.js'
import { type Parameters, REPEATS } from '../optimise/parameters.js'
import { type PairRow, pairRows } from '../tables/cooccurrence.js'
import { TABLES, TableBuilder } from '../tables/tables.js'
import type { Fitted } from './fitted.js'
import { introduced, USUAL } from './newcomers.js'

interface PairReader {
  add(pairs: PairRow): void
}

/**
 * Makes the neighbour tables. All pairs of the log are read once, because reading takes long: `others` get them too.
 * @param minSessions k: a pair must rest on at least this many people
 * @param recency how much more the latest sessions count, see `pairRows`
 */
export async function tablesOf(
  log: Log,
  { rare }: Support,
  minSessions: number,
  breath: Breath,
  { recency, others = [] }: { recency?: number; others?: PairReader[] } = {},
): Promise<Fitted['tables']> {
  const builders = TABLES.map((name) => new TableBuilder(name, log.items, minSessions, rare))
  for (const pairs of pairRows(log, recency)) {
    for (const reader of [...builders, ...others]) reader.add(pairs)
    if (breath.due()) await breath.take()
  }
  return builders.map((builder) => builder.table())
}

/** Fills the vector that all rare items share with random values, scaled to length 1. */
export function randomToken(token: Float32Array, uniform: Random): void {
  for (let d = 0; d < token.length; d++) token[d] = normal(uniform)
  const length = Math.hypot(...token)
  for (let d = 0; d < token.length; d++) token[d]! /= length
}

/** The result of a training. Items without a vector of their own get one from content, or the rare token's. */
export function learned(
  support: Support,
  tables: Fitted['tables'],
  { items, bias, repeat, encoder, scale }: Parameters,
  hyper: Hyper,
  done: number,
  {
    catalogue,
    ownless,
    attributes,
    biased,
  }: {
    catalogue: Catalogue | null
    /** 1 for items without a vector of their own. */
    ownless: Uint8Array
    attributes: readonly string[] | undefined
    /** Whether a rare item has a bias of its own nevertheless. By default none has. */
    biased?: (row: number) => boolean
  },
): Fitted {
  const { dim } = hyper
  const { rare } = support
  const count = rare.length
  const vectors = items.w.data.slice(0, count * dim)
  const token = items.w.data.slice(count * dim, (count + 1) * dim)
  const hidden = ownless.slice()
  for (let row = 0; row < count; row++) if (ownless[row]) vectors.set(token, row * dim)
  if (catalogue) {
    const found = addContentVectors(catalogue, ownless, vectors, dim, attributes)
    for (let row = 0; row < count; row++) if (found[row]) hidden[row] = 0
  }
  const newcomers = rare.map((is, row) => (is && !hidden[row] && !biased?.(row) ? 1 : 0))
  return {
    support,
    tables,
    vectors,
    hidden,
    newcomers,
    bias: introduced(bias.w.data.slice(0, count), rare, newcomers, USUAL),
    token,
    repeat: repeat.w.data.slice(0, REPEATS),
    encoder: KINDS[hyper.encoder].served(encoder, hyper, Math.exp(scale.w.data[0]!)),
    done,
  }
}
