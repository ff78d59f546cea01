/**
 * The baselines that need the training log, that is, other people's sessions. A pack is compared with them; it never
 * contains such sessions. Baselines with parameters that matter get them from a cut of that log.
 */
import type { Interactions } from '../../data/interactions.js'
import { type Baseline, placeOf, type ScoreItems } from '../questions/baseline.js'
import type { ReplayOptions } from '../questions/replay.js'
import { askCut, best, type Cut, cutOf } from './choose.js'
import { type Factors, factorise, SWEEPS } from './factorise.js'
import { factorBaseline } from './factors.js'
import { inverse, itemsOfSessions } from './memberships.js'
import { fitRepeat, type RepeatQuestion, repeatQuestion, withRepeat } from './repeat.js'
import { ruleBaselines } from './rules.js'
import { vsknn } from './vsknn.js'

/** Settings of VSKNN: the usual one in the literature for large shops, and two for smaller or faster ones. */
const NEIGHBOURS = [
  { neighbours: 500, sample: 5000 },
  { neighbours: 500, sample: 1000 },
  { neighbours: 100, sample: 500 },
]
/**
 * Settings of the factors: the total weight of all items that a session does not contain, in units of an item that it
 * contains, and how fast the older items of the running session lose weight.
 */
const UNSEEN = [20, 5]
const DECAYS = [1, 0.7]
const FACTORS = { dim: 64, lambda: 0.03 }

/** @param during gives the progress callback and signal of each phase of the work */
export async function* loggedBaselines(
  log: Interactions,
  during: (phase: string) => ReplayOptions,
): AsyncGenerator<Baseline> {
  yield* ruleBaselines(log)
  const cut = cutOf(log)
  yield* await neighbourBaselines(log, cut, during)
  yield await factorisation(log, cut, during)
}

/** VSKNN alone, and VSKNN with a repeat layer that is fitted on the cut. */
async function neighbourBaselines(
  log: Interactions,
  cut: Cut,
  during: (phase: string) => ReplayOptions,
): Promise<Baseline[]> {
  const settings = await best(
    NEIGHBOURS,
    (setting) => scored('vsknn', vsknn(cut.fit, setting)),
    cut,
    during('VSKNN: settings'),
  )
  const early = vsknn(cut.fit, settings)
  const questions: RepeatQuestion[] = []
  const collect: Baseline = {
    name: 'collect',
    rank(items, target) {
      questions.push(repeatQuestion(early(items), items, target))
      return 0
    },
  }
  await askCut(collect, cut, during('VSKNN: repeats'))
  const repeat = fitRepeat(questions)
  const score = vsknn(log, settings)
  return [
    { ...scored('vsknn', score), settings },
    { ...withRepeat('vsknnRepeat', score, repeat), settings: { ...settings, repeat: Array.from(repeat) } },
  ]
}

function scored(name: string, score: ScoreItems): Baseline {
  return { name, rank: (items, target) => (target < 0 ? 0 : placeOf(score(items), target)) }
}

async function factorisation(
  log: Interactions,
  cut: Cut,
  during: (phase: string) => ReplayOptions,
): Promise<Baseline> {
  const trying = during('factors: trials')
  const early = new Map<number, Factors>()
  for (const unseen of UNSEEN) early.set(unseen, await factorsOf(cut.fit, unseen, trying))
  const { unseen, decay } = await best(
    UNSEEN.flatMap((unseen) => DECAYS.map((decay) => ({ unseen, decay }))),
    ({ unseen, decay }) => factorBaseline(early.get(unseen)!, decay, true),
    cut,
    during('factors: choice'),
  )
  const again = await best(
    [true, false],
    (again) => factorBaseline(early.get(unseen)!, decay, again),
    cut,
    during('factors: repeats'),
  )
  const factors = await factorsOf(log, unseen, during('factors'))
  return {
    ...factorBaseline(factors, decay, again),
    settings: { ...FACTORS, unseen, decay, again: Number(again) },
  }
}

function factorsOf(
  log: Interactions,
  unseen: number,
  { signal, onProgress }: ReplayOptions,
): Promise<Factors> {
  const sessions = itemsOfSessions(log)
  return factorise(
    sessions,
    inverse(sessions, log.ids.length),
    { ...FACTORS, unseen: unseen / log.ids.length },
    { signal, onSweep: (done) => onProgress?.(done, SWEEPS) },
  )
}
