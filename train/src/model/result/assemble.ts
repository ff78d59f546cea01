/** From what was trained and what was chosen to a model, and where it came from. */
import type { Lineage } from '../../../../worker/pack/manifest.js'
import type { Blend } from '../../../../worker/rank/blend.js'
import type { Interactions } from '../../data/interactions.js'
import { initialBlend } from '../blend/fit-blend.js'
import type { Fitted } from '../fit/fitted.js'
import type { Log } from '../log/log.js'
import type { TrainedModel } from './trained-model.js'

const UNKNOWN: Lineage = {
  events: 0,
  sessions: 0,
  items: 0,
  from: null,
  to: null,
  time: 'order',
  seed: 0,
  parent: null,
  validation: {},
}

/** Where there is too little to fit a blend on, there is too little for good vectors: what was seen together counts more. */
const TOLD = 3

/** @param blend null where there was too little to fit one on */
export function assemble(
  ids: string[],
  fitted: Fitted,
  blend: Blend | null,
  step: number,
  minSessions: number,
  lineage: Lineage = UNKNOWN,
): TrainedModel {
  const { vectors, bias, hidden, tables, encoder, support, repeat } = fitted
  return {
    dim: encoder.dim,
    ids,
    vectors,
    bias,
    hidden,
    popularity: support.popularity,
    tables,
    encoder,
    blend: blend ?? initialBlend(tables.length, repeat, TOLD),
    step,
    minSessions,
    lineage,
  }
}

export function lineageOf(
  data: Interactions,
  log: Log,
  seed: number,
  validation: Record<string, number>,
): Lineage {
  let first = Infinity
  let last = -Infinity
  for (const time of data.times) first = Math.min(first, time)
  for (const time of log.ends) last = Math.max(last, time)
  const day = (time: number) =>
    data.time === 'order' || !Number.isFinite(time) ? null : new Date(time * 1000).toISOString().slice(0, 10)
  return {
    events: log.rows.length,
    sessions: log.sessions,
    items: data.ids.length,
    from: day(first),
    to: day(last),
    time: data.time,
    seed,
    // Rounded up to minutes: nothing is gained by telling when exactly somebody was there.
    ...(log.sessions > 0 && { until: data.time === 'order' ? last : Math.ceil(last / 60) * 60 }),
    parent: null,
    validation,
  }
}
