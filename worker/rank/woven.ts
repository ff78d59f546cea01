/**
 * Every tenth place of a list is for a new item. The first of `usual`, and in those places one of `news` that did not come
 * before; at most `wanted`.
 * @param before how many places of the list are taken already
 * @returns which entry stands in each place, and whether because it is new
 */
export function woven(
  usual: Iterable<number>,
  news: readonly number[],
  wanted: number,
  before = 0,
): { entry: number; isNew: boolean }[] {
  const list = new Map<number, boolean>()
  for (const entry of usual) {
    const next = (before + list.size + 1) % EVERY === 0 ? news.find((other) => !list.has(other)) : undefined
    if (next !== undefined && list.size < wanted) list.set(next, true)
    if (list.size >= wanted) break
    if (!list.has(entry)) list.set(entry, false)
  }
  return Array.from(list, ([entry, isNew]) => ({ entry, isNew }))
}

const EVERY = 10
