/** What `JSON.parse` passes over: an object that names a key twice, where one reader takes the first, another the last. */

/**
 * @param json valid
 * @returns the first key that its object has already
 */
export function repeatedKey(json: string): string | undefined {
  /** Keys of the objects that are open; null for lists. */
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
