/** Times that no clock of this shop can have shown: a phone that thinks it is 2037, a till that was reset to 1999. */
import type { Database } from '../database.js'

/** Time between the 5 % and the 95 % quantile that a time may lie outside of them, and at least so many days. */
const SPANS = 3
const DAYS = 30
/** More rows than this share (and more than a handful) are a shop's history, not a wrong clock. */
const MOST = 0.02
const HANDFUL = 5

/** Removes from the table `events` what is far from all other times. */
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
