/** The test shop's goods: four kinds, 60 of each. A test visitor likes one of the kinds. */
export const KINDS = ['chair', 'lamp', 'mug', 'rug'] as const
export type Kind = (typeof KINDS)[number]
export const EACH = 60

export const sku = (kind: Kind, n: number): string => `${kind}${String(n).padStart(2, '0')}`

/** A server's list of n goods, with all kinds in turn: chair10, lamp10, mug10, rug10, chair11… */
export function mixed(n = 40): string[] {
  return Array.from({ length: n }, (_, i) => sku(KINDS[i % KINDS.length]!, 10 + Math.floor(i / KINDS.length)))
}

/** How many of the first n ids are of the kind. */
export function share(ids: readonly string[], kind: Kind, n = 8): number {
  return ids.slice(0, n).filter((id) => id.startsWith(kind)).length
}

/** Three lamps, for a visitor who likes them. */
export const LAMPS = [0, 1, 2].map((n) => sku('lamp', n))
