/** The pictures that are not products: the coin of the shop's mark, its lettering, and a sign for each category. */
import { ink } from '../art/drawing.js'
import { MOTIFS } from '../art/motifs.js'
import { THINGS } from '../art/things.js'
import { html, type Markup, raw } from './html.js'
import type { Shop } from './shop.js'

/** Capitals on a field of 28 by 40, drawn with one pen. */
const LETTERS: Record<string, readonly [path: string, width: number]> = {
  T: ['M2 4h24M14 4v32', 28],
  U: ['M4 4v20a10 12 0 0 0 20 0V4', 28],
  P: ['M5 36V4h9a9.5 9.5 0 0 1 0 19H5', 27],
  E: ['M23 4H5v32h18M5 20h15', 26],
  N: ['M5 36V4l18 32V4', 28],
  C: ['M25 9.5A12.5 16 0 1 0 25 30.5', 28],
}

/** "TUPPENCE", with its coin in front. */
export function wordmark(): Markup {
  let at = 54
  let path = ''
  for (const letter of 'TUPPENCE') {
    const [shape, width] = LETTERS[letter]!
    path += `<path d="${shape}" transform="translate(${at})"/>`
    at += width + 8
  }
  return raw(
    `<svg class="wordmark" viewBox="0 0 ${at} 40" width="${at}" height="40" aria-hidden="true">` +
      '<circle class="coin" cx="20" cy="20" r="20"/><circle class="coin-rim" cx="20" cy="20" r="15.5"/>' +
      '<path class="coin-two" d="M14.5 16a5.5 5.5 0 1 1 10 3.2L14.8 28.5H26"/>' +
      `<g class="letters">${path}</g></svg>`,
  )
}

const SIGNS: Record<string, string> = {
  bags: 'bag',
  'tea-baking': 'teapot',
  kitchen: 'jar',
  lights: 'lantern',
  home: 'cushion',
  walls: 'alarmclock',
  ornaments: 'bird',
  garden: 'wateringcan',
  party: 'bunting',
  stationery: 'pencil',
  craft: 'reel',
  toys: 'teddy',
  jewellery: 'ring',
  bath: 'soap',
  seasons: 'tree',
  else: 'gift',
}

/** These colours can be seen on a light page and on a dark one. */
const INKS = { a: '#d63a2b', b: '#1f8890', c: '#fffaf0', k: '#6c7790' }

/** A file of its own, because every page shows it. */
export function signFile(slug: string): string {
  const drawing = THINGS[SIGNS[slug]!] ?? MOTIFS[SIGNS[slug]!]!
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">${ink(drawing.markup + drawing.filler, INKS)}</svg>`
}

export function categorySign(shop: Shop, slug: string, size: number): Markup {
  return html`<img class="sign" src="${shop.assets.signs}/${slug}.svg" width="${size}" height="${size}" alt="">`
}

const LINES: Record<string, string> = {
  search: '<circle cx="10.5" cy="10.5" r="6.5"/><path d="m15.5 15.5 5 5"/>',
  basket: '<path d="M3 9h18l-2 11H5zM8 9l3-6M16 9l-3-6"/>',
  device:
    '<rect x="6" y="2.5" width="12" height="19" rx="2.5"/><path d="M12 16.2c-3-2.1-3.6-3.4-3.6-4.5a1.9 1.9 0 0 1 3.6-.8 1.9 1.9 0 0 1 3.6.8c0 1.1-.6 2.4-3.6 4.5z"/>',
  close: '<path d="m5 5 14 14M19 5 5 19"/>',
}

export function icon(name: string): Markup {
  return raw(
    `<svg class="icon" viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">${LINES[name]}</svg>`,
  )
}
