/**
 * The column names that we use, and how they map to a shop's names. `--columns session=sid,item=sku` renames columns.
 * The error for a missing column lists the columns found and shows how to name one.
 */

export const EVENT_COLUMNS = [
  'session_id',
  'user_id',
  'item_id',
  'timestamp',
  'event_type',
  'quantity',
  'position',
  'list',
  'request_id',
] as const
export const CATALOGUE_COLUMNS = [
  'item_id',
  'title',
  'category',
  'brand',
  'price',
  'image',
  'url',
  'available',
  'added',
] as const

/** From our name to the shop's. */
export type Renames = ReadonlyMap<string, string>

/** Short names that `--columns` accepts. */
const SHORT: Readonly<Record<string, string>> = {
  session: 'session_id',
  user: 'user_id',
  item: 'item_id',
  time: 'timestamp',
  event: 'event_type',
  type: 'event_type',
  request: 'request_id',
}

/** @throws when a name is not one of ours, or the text is not of the form `ours=theirs,…` */
export function parseRenames(text: string): Renames {
  const renames = new Map<string, string>()
  for (const part of text.split(',')) {
    const [ours, theirs] = split(part)
    if (!theirs) throw new Error(`"${part}" is not of the form session=their_column`)
    const name = SHORT[ours] ?? ours
    const known: readonly string[] = [...EVENT_COLUMNS, ...CATALOGUE_COLUMNS]
    if (!known.includes(name)) {
      throw new Error(`"${ours}" is not one of our column names:  ${[...new Set(known)].join(', ')}`)
    }
    renames.set(name, theirs)
  }
  return renames
}

function split(part: string): [string, string | undefined] {
  const at = part.indexOf('=')
  return at < 0 ? [part.trim(), undefined] : [part.slice(0, at).trim(), part.slice(at + 1).trim()]
}

/** The file's column for one of our names: by exact name, otherwise ignoring case. Undefined if the file has none. */
export function columnFor(name: string, found: readonly string[], renames: Renames): string | undefined {
  const wanted = renames.get(name) ?? name
  return found.find((c) => c === wanted) ?? found.find((c) => c.toLowerCase() === wanted.toLowerCase())
}

/** The error for a file that does not have the column `wanted`. */
export function missingColumn(
  file: string,
  wanted: string,
  found: readonly string[],
  renames: Renames,
): Error {
  const asked = wanted
    .split(' or ')
    .map((name) => renames.get(name) ?? name)
    .join(' or ')
  const first = wanted.split(' or ')[0]!
  const short = Object.keys(SHORT).find((key) => SHORT[key] === first) ?? first
  const shown = found.length > 0 ? found.join(', ') : 'none'
  return new Error(
    `${file}: no column ${asked}. Columns found: ${shown}.\n` +
      `Name the one to use, e.g. --columns ${short}=${found.find((c) => !c.includes(' ')) ?? 'their_column'}`,
  )
}
