/**
 * Answers the question of each attack in one or two sentences. An answer never says more than its figure: a result
 * that cannot be told from chance is called guessing.
 */
import type { Completed } from './completion.js'
import type { Difference } from './difference.js'
import type { Membership } from './membership.js'
import type { Roc } from './roc.js'

/** Below this many visits on either side the intervals are too wide to say anything. */
const FEW_VISITS = 50
/**
 * An error that the interval does not include: that of the attack's own regression, about 0.02 with a few thousand
 * visits.
 */
const FIT_ERROR = 0.02
/** Guessing finds this share of the training visits at 1 % false alarms. */
const GUESSED_AT_1 = 0.01

type Grade = 'too few' | 'below' | 'guessing' | 'slight' | 'some' | 'clear' | 'most'

/** The result of an attack compared with guessing, in words. */
function gradeOf({ auc, members, outsiders }: Roc): Grade {
  if (Math.min(members, outsiders) < FEW_VISITS || !Number.isFinite(auc.value)) return 'too few'
  if (auc.ci95[1] < 0.5) return 'below'
  if (auc.ci95[0] <= 0.5 || auc.value < 0.5 + FIT_ERROR) return 'guessing'
  if (auc.value < 0.6) return 'slight'
  if (auc.value < 0.75) return 'some'
  return auc.value < 0.9 ? 'clear' : 'most'
}

const WORDS: Record<Exclude<Grade, 'too few'>, string> = {
  below: 'Worse than guessing, so this attack tells nothing',
  guessing: 'No better than guessing',
  slight: 'Slightly better than guessing',
  some: 'Better than guessing',
  clear: 'Clearly better than guessing',
  most: 'Yes, for most visits',
}

const LEAKS: readonly Grade[] = ['slight', 'some', 'clear', 'most']

/** Can an attacker tell whose visits were in the training? The answer comes from the strongest attack. */
export function membershipHeadline(membership: Membership): string {
  const { all, withIds } = membership
  const strongest = withIds && lowest(withIds) > lowest(all) ? withIds : all
  const grade = gradeOf(strongest)
  if (grade === 'too few') {
    return `Too few visits to tell (${strongest.members} from the training, ${strongest.outsiders} others; at least ${FEW_VISITS} of each are needed).`
  }
  const sentences = [`${WORDS[grade]} (${aucText(strongest)}).`, foundText(strongest)]
  if (!LEAKS.includes(grade)) sentences.push(...exceptions(membership, strongest))
  return sentences.join(' ')
}

/** Kinds of visits that are found although the attack as a whole is no better than guessing. */
function exceptions(membership: Membership, strongest: Roc): string[] {
  if (strongest.foundAt1.ci95[0] > GUESSED_AT_1) return ['A few visits stand out all the same.']
  const slices = [
    ['a rare pair', membership.rarePair],
    ['a rare item', membership.withIdsRareItem ?? membership.rareItem],
  ] as const
  return slices.flatMap(([name, roc]) =>
    roc && LEAKS.includes(gradeOf(roc))
      ? [`Visits with ${name} are found better than by guessing (${aucText(roc)}).`]
      : [],
  )
}

function lowest({ auc }: Roc): number {
  return Number.isFinite(auc.ci95[0]) ? auc.ci95[0] : Number.NEGATIVE_INFINITY
}

function aucText({ auc }: Roc): string {
  return `AUC ${auc.value.toFixed(3)}, 95 % interval ${auc.ci95[0].toFixed(3)} to ${auc.ci95[1].toFixed(3)}; guessing is 0.500`
}

function foundText({ foundAt1 }: Roc): string {
  return (
    `At 1 % false alarms the attack finds ${(100 * foundAt1.value).toFixed(1)} % of the training visits; ` +
    `guessing finds ${(100 * GUESSED_AT_1).toFixed(1)} %.`
  )
}

/** Can an attacker who knows half of a visit find the rest? */
export function completionHeadline(attackers: readonly Completed[]): string {
  const figures = attackers.flatMap(({ at1, at20 }) => [at1, at20])
  const known = figures.filter(({ excess }) => Number.isFinite(excess))
  if (known.length === 0) return 'Too few visits to tell.'
  const leaks = known.filter(({ ci95 }) => ci95[0] > 0)
  if (leaks.length === 0) return 'No better than for visits that the pack has never seen.'
  const most = leaks.reduce((a, b) => (b.excess > a.excess ? b : a))
  const points = (share: number) => (100 * share).toFixed(1)
  return (
    `Better than for visits that the pack has never seen, by up to ${points(most.excess)} points ` +
    `(95 % interval ${points(most.ci95[0])} to ${points(most.ci95[1])}).`
  )
}

/** What does a newer pack reveal about the visits that were added? */
export function differenceHeadline({ added, sessions, newPairs }: Difference): string {
  if (added === 0) return 'No visits were added, so there is nothing to tell.'
  const most = Math.max(sessions.pair, sessions.count, sessions.vector)
  if (newPairs.count === 0 && most === 0) return 'Nothing that these attacks could read.'
  if (most === 0) return 'No visit leaves a trace that belongs to it alone.'
  return `${(100 * most).toFixed(1)} % of them leave a trace that belongs to one visit alone.`
}
