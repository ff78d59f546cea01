/**
 * Removes purchases that were returned. A return (negative quantity, or an event of that name) cancels the latest
 * earlier purchase of the same item by the same person, or in the same session if the return has no user_id. Where
 * quantities are known, a purchase is cancelled only when all of it was returned.
 */

import type { Database } from '../database.js'
import { KIND_OF } from '../events.js'

/** Rows deleted in one statement. */
const BATCH = 5000

/**
 * Deletes cancelled purchases from the table `events` (pos, key, item, person, kind, quantity, t). The returns are in
 * the table `returns` (pos, key, item, person, quantity, t).
 */
export async function cancelReturns(database: Database): Promise<{ cancelled: bigint[]; unmatched: number }> {
  const known = (person: string) => `coalesce(trim(${person}), '') <> ''`
  const bought = `(e.kind = ${KIND_OF.purchase} OR (e.kind IS NULL AND e.quantity > 0))`
  const result = await database.connection.stream(
    `WITH back AS (
       SELECT *, CASE WHEN ${known('person')} THEN 'p' || person ELSE 's' || key END AS who FROM returns
     ), wanted AS (SELECT DISTINCT who, item FROM back)
     SELECT who, item, pos, quantity, true AS returned, t FROM back
     UNION ALL SELECT who, e.item, e.pos, e.quantity, false, e.t FROM events e
       JOIN wanted w ON w.item = e.item AND w.who = 'p' || e.person WHERE ${bought} AND ${known('e.person')}
     UNION ALL SELECT who, e.item, e.pos, e.quantity, false, e.t FROM events e
       JOIN wanted w ON w.item = e.item AND w.who = 's' || e.key WHERE ${bought}
     ORDER BY who, item, t, pos`,
  )
  const cancelled = new Set<bigint>()
  let unmatched = 0
  let group = ''
  let lots: { pos: bigint; left: number }[] = []
  for (;;) {
    const chunk = await result.fetchChunk()
    if (!chunk || chunk.rowCount === 0) break
    for (const [who, item, pos, quantity, returned] of chunk.getRows() as Row[]) {
      if (`${who}\n${item}` !== group) {
        group = `${who}\n${item}`
        lots = []
      }
      if (!returned) {
        lots.push({ pos, left: quantity ?? 1 })
        continue
      }
      if (lots.length === 0) unmatched++
      for (let left = quantity ?? lots.at(-1)?.left ?? 0; left > 0 && lots.length > 0; ) {
        const lot = lots.at(-1)!
        const taken = Math.min(left, lot.left)
        lot.left -= taken
        left -= taken
        if (lot.left > 0) break
        cancelled.add(lot.pos)
        lots.pop()
      }
    }
  }
  const all = [...cancelled].sort((a, b) => (a < b ? -1 : 1))
  for (let at = 0; at < all.length; at += BATCH) {
    await database.run(`DELETE FROM events WHERE pos IN (${all.slice(at, at + BATCH).join(', ')})`)
  }
  return { cancelled: all, unmatched }
}

type Row = [who: string, item: string, pos: bigint, quantity: number | null, returned: boolean]
