/** What the pack knows to show where little is known of the visitor. It is as old as the pack, but for what a live file adds. */
import type { Generator } from './candidates.js'

/** What visits begin with lately. */
export const trending: Generator = ({ model }) => [{ source: 'trending', rows: model.catalog.trending }]

/** New items. A pack names them only where showing them found more of what people looked at. */
export const fresh: Generator = ({ model }) => [{ source: 'fresh', rows: model.catalog.fresh }]

/** What most visits of the whole log have seen. */
export const popular: Generator = ({ model }) => [
  { source: 'popular', rows: model.catalog.popular(Infinity) },
]
