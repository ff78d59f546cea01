/**
 * The name that was probably meant: the one that needs the fewest edits, if it needs few. Leaving out, adding or changing a
 * letter, or swapping it with the next, is one edit (Damerau, https://doi.org/10.1145/363958.363994).
 */
export function closest(written: string, names: readonly string[]): string | undefined {
  const near = names
    .map((name) => ({ name, edits: edits(plain(written), plain(name)) }))
    .filter(({ name, edits }) => edits <= Math.max(1, name.length / 4))
  return near.sort((a, b) => a.edits - b.edits)[0]?.name
}

/** Capitals, hyphens and underscores make no difference: `viewItem` is `view_item`. */
function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z\d]/g, '')
}

function edits(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) => [i])
  for (let j = 1; j <= b.length; j++) rows[0]![j] = j
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let least = Math.min(rows[i - 1]![j]! + 1, rows[i]![j - 1]! + 1, rows[i - 1]![j - 1]! + (same ? 0 : 1))
      if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (rows[i - 2]?.[j - 2] ?? 99) + 1)
      rows[i]![j] = least
    }
  }
  return rows[a.length]![b.length]!
}
