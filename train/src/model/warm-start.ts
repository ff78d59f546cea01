/**
 * A warm start: training that continues from an earlier pack, as a nightly run does. The space stays as it is
 * (rotation and quantisation step). Items without new evidence keep exactly the same codes. Items whose evidence has
 * grown, new items among them, are trained again. The blend is fitted on how the earlier pack would have served the
 * sessions since. Tables and counts are made from the whole log, which takes seconds.
 */
import type { Blend } from '../../../worker/rank/blend.js'
import type { Catalogue } from '../data/catalogue.js'
import type { Interactions } from '../data/interactions.js'
import { fitBlend, initialBlend } from './blend/fit-blend.js'
import { measure } from './blend/measure.js'
import { refit } from './fit/refit.js'
import { type Log, positiveLog, sliceLog } from './log/log.js'
import { type Question, questions } from './log/predictions.js'
import type { TrainOptions } from './options.js'
import { assemble, lineageOf } from './result/assemble.js'
import type { TrainedModel } from './result/trained-model.js'
import type { ParentPack } from './start/parent-pack.js'

/** Most next-item questions from new sessions. With at least ENOUGH of them, the blend is fitted again. */
const ASKED = 6000
const ENOUGH = 1000

/**
 * Trains a model that continues from the earlier pack `parent`.
 * @throws {Error} when no item of the pack is in the log, or when the pack does not say up to when it was trained
 * @throws the signal's reason when it is aborted
 */
export async function warmStart(
  data: Interactions,
  catalogue: Catalogue | null,
  parent: ParentPack,
  options: TrainOptions,
): Promise<TrainedModel> {
  const { seed, minSessions, signal, onProgress } = options
  const { catalog } = parent.served
  const log = positiveLog(data)
  if (data.ids.length > 0 && !data.ids.some((id) => catalog.rowOf(id) >= 0)) {
    throw new Error(
      `${parent.folder}: none of its ${catalog.size} items is in the log. Is it the pack of another shop? Its first item is ` +
        `"${catalog.idOf(0)}", the log's "${data.ids[0]}".`,
    )
  }
  const known = knownSessions(log, parent)
  const asked = questionsSince(data.ids, sliceLog(log, known, log.sessions), parent)
  const validation = await foresight(asked, parent, signal)
  const blend = await blendSince(asked, parent, signal)
  const fitted = await refit(data.ids, log, known, catalogue, parent, {
    ...options,
    loop: options.checkpoint?.loop('training'),
    onBatch: (done, total, loss) =>
      onProgress?.({ phase: 'training', done, total, note: `loss ${loss.toFixed(3)}` }),
  })
  const cutShort = fitted.done < 1 ? { cutShort: { phase: 'training' as const, done: fitted.done } } : {}
  return {
    ...assemble(data.ids, fitted, blend, catalog.step, minSessions, {
      ...lineageOf(data, log, seed, validation),
      parent: parent.sequence,
      lean: parent.lineage.lean ?? 0,
      ...cutShort,
    }),
    frame: { biasStep: catalog.biasStep },
    ...(parent.served.stage && { stage: parent.served.stage }),
    ...(parent.served.similar && { similar: parent.served.similar }),
  }
}

/** Next-item questions from the sessions since, in rows of the earlier pack. It learned nothing from these sessions. */
function questionsSince(ids: readonly string[], since: Log, { served }: ParentPack): Question[] {
  const { rowOf } = served.catalog
  return ([0, 1] as const)
    .flatMap((part) => questions(since, part, ASKED / 2))
    .map(({ steps, target }) => ({
      steps: steps
        .map(({ row, weight }) => ({ row: rowOf(ids[row]!), weight }))
        .filter(({ row }) => row >= 0),
      // -1 for an item that the earlier pack does not have: no list can contain it.
      target: rowOf(ids[target]!),
    }))
}

/** The earlier pack's blend, fitted to serve the sessions since. Its weights for earlier visits stay as they were. */
async function blendSince(
  asked: readonly Question[],
  { served }: ParentPack,
  signal?: AbortSignal,
): Promise<Blend> {
  const { blend, catalog } = served
  const answerable = asked.filter(({ steps, target }) => steps.length > 0 && target >= 0)
  if (answerable.length < ENOUGH) return blend
  const start = initialBlend(catalog.tables.length, blend.repeat)
  const buckets = start.buckets.map((weights, b) => {
    const { profile, again, server } = blend.buckets[b]!
    return { ...weights, profile, again, server }
  })
  const unfitted = { ...blend, buckets, habit: start.habit, rareBias: start.rareBias }
  return fitBlend({ ...served, blend: unfitted }, answerable, signal)
}

/** How well the earlier pack predicted the sessions that came after it. */
async function foresight(
  asked: readonly Question[],
  { served }: ParentPack,
  signal?: AbortSignal,
): Promise<Record<string, number>> {
  if (asked.length === 0) return {}
  const { recall20, mrr20 } = await measure(served, asked, signal)
  return { recall20, mrr20, predictions: asked.length }
}

/**
 * How many sessions at the start of the log the earlier pack was trained on: those that ended no later than its log.
 */
function knownSessions(log: Log, { folder, lineage }: ParentPack): number {
  const { until } = lineage
  if (until === undefined) {
    throw new Error(
      `${folder}: the pack does not say up to when it was trained. Packs of nearside train do: train again without --from.`,
    )
  }
  let known = 0
  while (known < log.sessions && log.ends[known]! <= until) known++
  return known
}
