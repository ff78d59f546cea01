/**
 * Finds keys that an object has twice. `JSON.parse` accepts them silently, but readers differ: one takes the first
 * value, another the last.
 */

/**
 * @param json valid JSON
 * @returns the first key that its object already has; undefined if there is none
 */
export function repeatedKey(json: string): string | undefined {
  /** The keys so far of each open object; null for each open list. */
  const open: (Set<string> | null)[] = []
  for (let at = 0; at < json.length; at++) {
    const mark = json[at]
    if (mark === '{') open.push(new Set())
    else if (mark === '[') open.push(null)
    else if (mark === '}' || mark === ']') open.pop()
    if (mark !== '"') continue
    const begin = at++
    while (json[at] !== '"') at += json[at] === '\\' ? 2 : 1
    let next = at + 1
    while (/\s/.test(json[next] ?? '')) next++
    if (json[next] !== ':') continue
    const keys = open.at(-1)!
    const key = JSON.parse(json.slice(begin, at + 1)) as string
    if (keys.has(key)) return key
    keys.add(key)
  }
  return undefined
}
