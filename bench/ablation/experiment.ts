/**
 * What each part of the model is worth on one log. Models are trained on all sessions except the latest, and asked about these.
 * Half of the questions are for fitting the blend, the other half gives the figures. No test set is looked at.
 */
import { brotliCompressSync } from 'node:zlib'
import { loadLog } from '../../train/src/data/load/load.js'
import type { Hyper } from '../../train/src/encoders/hyper.js'
import type { Kind } from '../../train/src/encoders/kind.js'
import { KINDS } from '../../train/src/encoders/kinds.js'
import { normal, random } from '../../train/src/maths/random.js'
import { fitBlend, initialBlend } from '../../train/src/model/blend/fit-blend.js'
import { type Accuracy, measure } from '../../train/src/model/blend/measure.js'
import { fit } from '../../train/src/model/fit/fit.js'
import type { Fitted } from '../../train/src/model/fit/fitted.js'
import { onlyItems, positiveLog, sliceLog } from '../../train/src/model/log/log.js'
import { questions } from '../../train/src/model/log/predictions.js'
import { hyperFor } from '../../train/src/model/optimise/settings.js'
import { assemble } from '../../train/src/model/result/assemble.js'
import { modelOf } from '../../train/src/model/result/model-of.js'
import { quantise } from '../../train/src/model/result/quantise.js'
import { MutualInformation } from '../../train/src/model/start/initial.js'
import type { Blend, BlendWeights } from '../../worker/rank/blend.js'
import { HABITS } from '../../worker/rank/repeats.js'

const HELD_OUT = 0.1
const ASKED = 6000
const SEED = 1
/** A step of the vectors so fine that it costs nothing. */
const FINE = 1 / 127

export interface Row {
  name: string
  recall20: number
  mrr20: number
  /** CPU seconds of the training; absent where only the blend differs. */
  cpuSeconds?: number
}

export interface Coarse {
  bits: number
  recall20: number
  mrr20: number
  bytesPerItem: number
}

export interface Ablation {
  kind: Kind
  asked: number
  rows: Row[]
  coarse: Coarse[]
}

/** @param k `--min-sessions` */
export async function ablate(log: string, k: number, say: (line: string) => void): Promise<Ablation> {
  const { data } = await loadLog({ events: [log], clean: true })
  const whole = positiveLog(data)
  const cut = Math.ceil(whole.sessions * (1 - HELD_OUT))
  const part = sliceLog(whole, 0, cut)
  const before = new Set(part.rows)
  const held = onlyItems(sliceLog(whole, cut, whole.sessions), (row) => before.has(row))
  const [learn, judge] = [questions(held, 0, ASKED), questions(held, 1, ASKED)]
  const rows: Row[] = []
  const add = (name: string, { recall20, mrr20 }: Accuracy, cpuSeconds?: number) => {
    rows.push({ name, recall20, mrr20, ...(cpuSeconds !== undefined && { cpuSeconds }) })
    say(`${name}: ${recall20.toFixed(4)} / ${mrr20.toFixed(4)}`)
  }
  const at = async (fitted: Fitted, blend: Blend, step = FINE) =>
    modelOf(quantise(assemble(data.ids, fitted, blend, step, k), null))
  const train = async (kind: Kind, changes: Partial<Hyper> = {}) => {
    const dim = changes.dim ?? 64
    const begun = process.cpuUsage().user
    const hyper = { ...hyperFor(kind, part.rows.length, part.items, dim, SEED), ...changes }
    const fitted = await fit(part, null, hyper, { workers: 1, minSessions: k })
    const cpuSeconds = (process.cpuUsage().user - begun) / 1e6
    const unfitted = initialBlend(fitted.tables.length, fitted.repeat)
    const blend = await fitBlend(await at(fitted, unfitted), learn)
    return { kind, fitted, blend, cpuSeconds, reached: await measure(await at(fitted, blend), judge) }
  }

  const trials: Awaited<ReturnType<typeof train>>[] = []
  for (const kind of Object.keys(KINDS) as Kind[]) {
    const trial = await train(kind)
    trials.push(trial)
    add(`encoder ${kind}`, trial.reached, trial.cpuSeconds)
  }
  const worth = ({ reached }: (typeof trials)[number]) => reached.recall20 + reached.mrr20
  const best = trials.reduce((a, b) => (worth(b) > worth(a) ? b : a))

  const { kind, fitted, blend } = best
  const without = async (name: string, change: (blend: Blend) => Blend) =>
    add(name, await measure(await at(fitted, change(blend)), judge))
  const buckets = (change: (weights: BlendWeights) => Partial<BlendWeights>) => (from: Blend) => ({
    ...from,
    buckets: from.buckets.map((weights) => ({ ...weights, ...change(weights) })),
  })
  await without(
    'no tables',
    buckets(({ table }) => ({ table: table.map(() => 0) })),
  )
  await without(
    'no table of what comes next',
    buckets(({ table }) => ({ table: [table[0]!, 0] })),
  )
  await without(
    'no session encoder',
    buckets(() => ({ dense: 0 })),
  )
  const habit = new Float32Array(HABITS)
  await without('no habits', (from) => ({ ...from, habit }))
  await without('no repeat terms', (from) => ({ ...from, habit, repeat: new Float32Array(1), rareBias: 0 }))
  await without('blend not fitted', () => initialBlend(fitted.tables.length, fitted.repeat))

  const retrained = async (name: string, changes: Partial<Hyper>) => {
    const { reached, cpuSeconds } = await train(kind, changes)
    add(name, reached, cpuSeconds)
  }
  await retrained('sessions read forwards only', { backwards: 0 })
  await retrained('sessions read backwards too', { backwards: 0.5 })
  await retrained('32 dimensions', { dim: 32 })
  await retrained('96 dimensions', { dim: 96 })
  await retrained('no dropout', { dropout: 0 })
  const { vectors } = MutualInformation.prototype
  MutualInformation.prototype.vectors = async (_kernels, _memory, _dim, seed, out) => {
    const uniform = random(seed, 11)
    for (let i = 0; i < out.length; i++) out[i] = normal(uniform) / 8
  }
  await retrained('vectors that start at random', {})
  MutualInformation.prototype.vectors = vectors

  const coarse: Coarse[] = []
  const largest = fitted.vectors.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  for (const bits of [2, 3, 4, 5, 6, 7, 8]) {
    const content = quantise(assemble(data.ids, fitted, blend, largest / (2 ** (bits - 1) - 1), k), null)
    coarse.push({
      bits,
      ...(await measure(await modelOf(content), judge)),
      bytesPerItem: brotliCompressSync(content.codes).length / data.ids.length,
    })
  }
  return { kind, asked: judge.length, rows, coarse }
}
