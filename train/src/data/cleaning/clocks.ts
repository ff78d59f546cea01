/**
 * Finds times that no clock of this shop can have shown, e.g. of a phone that believes it is 2037, or a till that was
 * reset to 1999.
 */
import type { Database } from '../database.js'

/**
 * A time may lie this many spans (from the 5 % to the 95 % quantile) outside of these two quantiles, or this many
 * days if that is more.
 */
const SPANS = 3
const DAYS = 30
/** If more rows than this share (and more than a handful) are far away, they are old history and not a wrong clock. */
const MOST = 0.02
const HANDFUL = 5

/** Removes the rows from the table `events` whose time is far from all others. */
export async function findClockJumps(
  database: Database,
): Promise<{ rows: number; first: { pos: bigint; t: number }[] }> {
  const [found] = await database.rows(
    `SELECT quantile_disc(t, 0.05) AS low, quantile_disc(t, 0.95) AS high, count(*)::DOUBLE AS n FROM events`,
  )
  const { low, high, n } = found as { low: number; high: number; n: number }
  const margin = Math.max(SPANS * (high - low), DAYS * 86_400)
  const far = `t < ${low - margin} OR t > ${high + margin}`
  const [count] = await database.rows(`SELECT count(*)::DOUBLE AS rows FROM events WHERE ${far}`)
  const rows = Number(count!.rows)
  if (rows === 0 || rows > Math.max(HANDFUL, MOST * n)) return { rows: 0, first: [] }
  const first = await database.rows(`SELECT pos, t FROM events WHERE ${far} ORDER BY pos LIMIT 5`)
  await database.run(`DELETE FROM events WHERE ${far}`)
  return { rows, first: first as { pos: bigint; t: number }[] }
}
