/**
 * A copy of what the page passes, made of plain objects and lists only, so that it can be sent to the worker. Functions, and
 * everything else that cannot be sent, are left out. A reactive object of a framework becomes what it stands for.
 */

/**
 * Values of one copy, and how deep they may be. An element that was passed by mistake leads to the whole page. Rules may have
 * many thousands of ids.
 */
const MOST = 100_000
const DEEPEST = 30

export function plain(given: unknown): unknown {
  let left = MOST
  const copy = (value: unknown, depth: number): unknown => {
    if (/function|symbol/.test(typeof value) || left-- < 0 || depth > DEEPEST) return undefined
    if (Object(value) !== value) return value
    const fields = Object.entries(value as object).map(
      ([name, field]) => [name, copy(field, depth + 1)] as const,
    )
    return Array.isArray(value) ? fields.map(([, field]) => field) : Object.fromEntries(fields)
  }
  return copy(given, 0)
}
