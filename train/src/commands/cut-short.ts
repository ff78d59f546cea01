/** The text about a training that was stopped early. */
import type { Lineage } from '../../../worker/pack/manifest.js'

export function cutShortText({ phase, done }: NonNullable<Lineage['cutShort']>): string {
  const share = `${Math.floor(100 * done)} %`
  return phase === 'training'
    ? `training was stopped at ${share} of its last part`
    : `training was stopped early: this is the model for validation, trained to ${share} on all but the latest sessions`
}
