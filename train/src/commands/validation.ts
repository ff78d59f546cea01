/** The figures that a training reached on held-out sessions, as text. */
import { rounded } from './told.js'

/**
 * One line on next items, and one on returning people if there were enough of them. No lines if there are no figures.
 */
export function validationLines({
  recall20Returning,
  mrr20Returning,
  recall20Forgotten,
  predictionsReturning,
  ...next
}: Record<string, number>): string[] {
  const line = (name: string, figures: Record<string, number | undefined>) =>
    `${name}: ${Object.entries(figures)
      .map(([figure, value]) => `${figure} ${rounded(value!, 4)}`)
      .join(', ')}`
  const lines = Object.keys(next).length > 0 ? [line('validation', next)] : []
  if (predictionsReturning === undefined) return lines
  const returning = { recall20: recall20Returning, mrr20: mrr20Returning, predictions: predictionsReturning }
  return [
    ...lines,
    `${line('people who came back', returning)}; recall20 ${rounded(recall20Forgotten!, 4)} without their earlier visits`,
  ]
}
