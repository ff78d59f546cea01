/** Decides which of two trainings goes into the pack when a person has asked training to end early. */

import type { Lineage } from '../../../../worker/pack/manifest.js'
import type { Trained } from './fitted.js'

/**
 * If at least this share of the last training is done, it is better than the complete first training, which has not
 * seen the latest sessions. Before that, the learning rate is still so high that vectors are half noise.
 */
const FAR = 0.75

/**
 * @param first the training for validation, on all but the latest sessions; undefined if there were too few sessions
 * @param whole the last training, on all sessions; null if it was not started
 */
export function furthest(
  first: Trained | undefined,
  whole: Trained | null,
): { trained: Trained; cutShort: Lineage['cutShort'] } {
  const got = whole?.fitted.done ?? 0
  if (whole && (!first || got >= FAR)) {
    return { trained: whole, cutShort: got < 1 ? { phase: 'training', done: got } : undefined }
  }
  return { trained: first!, cutShort: { phase: 'validation', done: first!.fitted.done } }
}
