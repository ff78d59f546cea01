/** Which of two trainings is packed when somebody has asked for what there is by now. */

import type { Lineage } from '../../../../worker/pack/manifest.js'
import type { Trained } from './fitted.js'

/**
 * A last training that got so far is better than the complete one before it, which knows nothing of the latest sessions.
 * With less, the learning rate is still so high that vectors are half noise.
 */
const FAR = 0.75

/**
 * @param first the training for validation, on all but the latest sessions; none where there were too few of them
 * @param whole the last training, on all; none where it was not begun
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
