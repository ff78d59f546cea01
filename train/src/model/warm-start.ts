/**
 * Going on from an earlier pack: how a nightly run works. The space stays as it is (rotation, step), so do the items of
 * which nothing new is known, to the last code; the others, new ones among them, are trained on the sessions since then
 * and on some of the older ones. Tables and counts are made anew from the whole log, which takes seconds.
 */
import type { Catalogue } from '../data/catalogue.js'
import type { Interactions } from '../data/interactions.js'
import { assemble, lineageOf } from './assemble.js'
import { type Log, positiveLog, sliceLog } from './log.js'
import { measure } from './measure.js'
import type { Model } from './model.js'
import type { Parent } from './parent.js'
import { questions } from './predictions.js'
import { refit } from './refit.js'
import type { TrainOptions } from './train.js'

/** New predictions that the earlier pack is asked. */
const ASKED = 6000

/**
 * @throws {Error} when the pack is of another shop
 * @throws the signal's reason when it is aborted
 */
export async function warmStart(
  data: Interactions,
  catalogue: Catalogue | null,
  parent: Parent,
  options: TrainOptions,
): Promise<Model> {
  const { seed, minSessions, signal, onProgress } = options
  const { catalog, blend } = parent.served
  const log = positiveLog(data)
  if (data.ids.length > 0 && !data.ids.some((id) => catalog.rowOf(id) >= 0)) {
    throw new Error(
      `${parent.folder}: none of its ${catalog.size} items is in the log. Is it the pack of another shop? Its first item is ` +
        `"${catalog.idOf(0)}", the log's "${data.ids[0]}".`,
    )
  }
  const known = knownSessions(log, parent)
  const validation = await foresight(data.ids, sliceLog(log, known, log.sessions), parent, signal)
  const fitted = await refit(data.ids, log, known, catalogue, parent, {
    ...options,
    loop: options.checkpoint?.loop('training'),
    onBatch: (done, total, loss) =>
      onProgress?.({ phase: 'training', done, total, note: `loss ${loss.toFixed(3)}` }),
  })
  const cutShort = fitted.done < 1 ? { cutShort: { phase: 'training' as const, done: fitted.done } } : {}
  return {
    // One more day is too little to fit a better blend on.
    ...assemble(data.ids, fitted, blend, catalog.step, minSessions, {
      ...lineageOf(data, log, seed, validation),
      parent: parent.sequence,
      lean: parent.lineage.lean ?? 0,
      ...cutShort,
    }),
    frame: { biasStep: catalog.biasStep },
  }
}

/** How well the earlier pack foresaw what came after it: nothing of it has been learned by then. */
async function foresight(
  ids: readonly string[],
  since: Log,
  { served }: Parent,
  signal?: AbortSignal,
): Promise<Record<string, number>> {
  const { rowOf } = served.catalog
  const asked = ([0, 1] as const)
    .flatMap((part) => questions(since, part, ASKED / 2))
    .map(({ steps, target }) => ({
      steps: steps
        .map(({ row, weight }) => ({ row: rowOf(ids[row]!), weight }))
        .filter(({ row }) => row >= 0),
      // An item that it does not know is found nowhere.
      target: rowOf(ids[target]!),
    }))
  if (asked.length === 0) return {}
  const { recall20, mrr20 } = await measure(served, asked, signal)
  return { recall20, mrr20, predictions: asked.length }
}

/** How many sessions, from the first, the earlier pack has seen: those that ended by the end of its log. */
function knownSessions(log: Log, { folder, lineage }: Parent): number {
  const { until } = lineage
  if (until === undefined) {
    throw new Error(
      `${folder}: it does not say up to when it was trained. Packs of nearside train do; train anew, without --from.`,
    )
  }
  let known = 0
  while (known < log.sessions && log.ends[known]! <= until) known++
  return known
}
