/**
 * What can be said of one item: what made its score and its position in the list that the page was given, the visitor's own
 * events behind it, and where it would be without each of them.
 */
import type { Explanation } from '../protocol.js'
import type { ACCOUNTS } from '../rank/accounts.js'
import { type Candidates, contextOf, effectsOn, type Known, type Made } from '../rank/candidates.js'
import type { ServingModel } from '../rank/evidence.js'
import type { Account } from '../rank/explain.js'
import { PLAIN } from '../rank/plain.js'
import type { Given, ListRecord } from '../rank/record.js'
import { relevanceOf } from '../rank/relevance.js'
import { FLOOR } from '../rank/server-order.js'

/** The visitor's items that a list is made again without, and the events that are named for each item. */
const MOST = 3

/** @returns what answers `explain` */
export function explainer(accounts: typeof ACCOUNTS) {
  return (...asked: Tail<Parameters<typeof answerExplain>>) => answerExplain(accounts, ...asked)
}

type Tail<T extends unknown[]> = T extends [unknown, ...infer Rest] ? Rest : never

/**
 * @param made how lists of no slot are made
 * @param lists that the page was given, oldest first. The last one with the item is explained
 */
function answerExplain(
  { explain, measure, recordOf, sourcesOf }: typeof ACCOUNTS,
  model: ServingModel,
  known: Known,
  id: string,
  made: Made = {},
  lists: readonly Given[] = [],
): Explanation {
  const given = lists.findLast(
    ({ items }) => items.ids.includes(id) && recordOf(items)?.context.model === model,
  )
  const record = given && recordOf(given.items)
  const context = record?.context ?? contextOf(model, known, { ids: [id], ...made })
  const list = record?.list ?? measure(context)
  const i = given?.items.ids.indexOf(id) ?? 0
  const row = list.rows[i]!
  const { parts, because } = row < 0 ? { parts: [], because: [] } : explain(context, list, i)
  const rules = given ? effectsOn(list, i) : (context.shape ?? PLAIN).effectsAlone(list, context, i)
  return {
    id,
    known: row >= 0,
    ...(row >= 0 && { facts: model.catalog.facts(row) }),
    sources: row < 0 ? [] : sourcesOf(context, row),
    parts,
    because: because.map((one, n) => ({
      item: model.catalog.idOf(one.row),
      code: one.code,
      share: one.share,
      events: eventsOf(known, model.catalog.idOf(one.row)),
      ...(record && n < MOST && { without: without(record, i, one) }),
    })),
    ...(rules.length > 0 && { rules: [...rules] }),
    ...(given && {
      list: { requestId: given.requestId, slot: given.slot, position: i, terms: termsOf(list, i) },
    }),
  }
}

/** The latest things that the visitor did with an item. An impression is nothing that they did. */
function eventsOf({ events }: Known, item: string): Explanation['because'][number]['events'] {
  return events
    .filter(({ name, items }) => name !== 'view_item_list' && items.some(({ item_id }) => item_id === item))
    .slice(-MOST)
    .map(({ name, time }) => ({ name, time }))
}

/** Where the i-th item would be if the visitor had not looked at an item; null: not in the list. */
function without(
  { context, list, make }: ListRecord,
  i: number,
  { row }: Account['because'][number],
): number | null {
  const { rows, index } = make({ ...context, evidence: context.evidence.without(row) })
  const position = list.index[i]! < 0 ? rows.indexOf(list.rows[i]!) : index.indexOf(list.index[i]!)
  return position < 0 ? null : position
}

/** What the score of a candidate of the shop's own list is the sum of. */
function termsOf(list: Candidates, i: number): NonNullable<Explanation['list']>['terms'] {
  const score = list.score[i]!
  if (list.index[i]! < 0 || score === 0) return [{ term: 'visitor', value: score }]
  const visitor = Math.log(relevanceOf(list.features)[i]! + FLOOR)
  return [
    { term: 'visitor', value: visitor },
    { term: 'server', value: score - visitor },
  ]
}
