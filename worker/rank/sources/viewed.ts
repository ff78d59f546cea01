/**
 * What the visitor has looked at already and may look at again: in this visit, and in earlier ones where the shop's log shows
 * that people come back to items. Where they bought an item and its cycle of repurchases is over, it is named for that.
 */
import { lastOf } from '../../feedback/last.js'
import { DAY_MS } from '../../feedback/log.js'
import type { Generator } from '../candidates.js'

export const viewed: Generator = ({ model: { catalog }, evidence, events, now }) => {
  const rows = [...evidence.repeats.keys()]
  const { bought } = lastOf(events)
  const isDue = (row: number) => {
    const days = Number(catalog.attribute(row, 'repurchase') ?? Number.NaN)
    return now - bought.get(catalog.idOf(row))! >= days * DAY_MS
  }
  return [
    { source: 'repurchase', rows: bought.size > 0 ? rows.filter(isDue) : [] },
    { source: 'viewed', rows },
  ]
}
