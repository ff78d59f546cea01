/** Puts a model together from the training and the choices, and writes down its lineage. */
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

/**
 * Weight of each table if no blend was fitted. A log too small to fit a blend is also too small for good vectors, so
 * items that were seen together count more.
 */
const TOLD = 3

/**
 * @param blend null if there were too few questions to fit one
 * @param step real value of one unit of the item codes
 */
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

/** @param log the sessions that the model was trained on */
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
    // Rounded up to full minutes, because the exact time of a person's visit must not become public.
    ...(log.sessions > 0 && { until: data.time === 'order' ? last : Math.ceil(last / 60) * 60 }),
    parent: null,
    validation,
  }
}
