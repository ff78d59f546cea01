/** The colours of all labels. There are few, so that three thousand labels look like one shop. */

export const INKS = {
  paper: '#fffaf0',
  cream: '#f8ecd2',
  butter: '#f9dd8b',
  mustard: '#efaf2e',
  orange: '#ec7a31',
  red: '#d63a2b',
  rose: '#d9497a',
  pink: '#f09bb2',
  blush: '#f8cdc6',
  brown: '#7a4a30',
  tan: '#cd9f6c',
  lime: '#a9bf4e',
  mint: '#a8d8c0',
  green: '#2f8155',
  forest: '#1e4f40',
  teal: '#17787f',
  sky: '#93c8e4',
  blue: '#2e62ad',
  navy: '#20385f',
  plum: '#6d3160',
  lilac: '#c2aede',
  silver: '#c5cbd1',
  slate: '#56626f',
  ink: '#1c2130',
} as const

export type InkName = keyof typeof INKS

const channels = (hex: string) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16))

/** `share` of `over` on `under`, as a hex colour. */
export function mix(under: string, over: string, share: number): string {
  const [a, b] = [channels(under), channels(over)]
  return `#${a
    .map((value, i) =>
      Math.round(value + (b[i]! - value) * share)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`
}

/** Perceived difference, 0 to about 765: the "redmean" formula (https://www.compuphase.com/cmetric.htm). */
export function distance(one: string, other: string): number {
  const [a, b] = [channels(one), channels(other)]
  const mean = (a[0]! + b[0]!) / 2
  const [r, g, l] = a.map((value, i) => (value - b[i]!) ** 2)
  return Math.sqrt((2 + mean / 256) * r! + 4 * g! + (2 + (255 - mean) / 256) * l!)
}

/** Relative luminance as in WCAG 2, 0 to 1. */
export function luminance(hex: string): number {
  const [r, g, b] = channels(hex).map((value) => {
    const share = value / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!
}
