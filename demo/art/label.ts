/**
 * Draws a picture for every product from its title, because the data has no pictures. Each is a printed label, as on a
 * matchbox: a background with a pattern (rays, a disc, an arch), the thing in the colours that the title names, its motif
 * stamped on it, and a ruled border. The same id and title always give the same label.
 */
import { type Drawing, type Inks, ink } from './drawing.js'
import { distance, INKS, type InkName, luminance, mix } from './inks.js'
import { MOTIFS } from './motifs.js'
import { THINGS } from './things.js'
import { type Reading, read } from './words.js'

const WIDTH = 200
const HEIGHT = 240

interface Style {
  grounds: readonly InkName[]
  /** Colours of the thing if the title names none. */
  bodies: readonly InkName[]
  devices: readonly Device[]
  /** Drawn if the title names neither a thing nor a motif. */
  emblem: string
}

type Stamp = NonNullable<Drawing['stamp']>

type Device = 'rays' | 'disc' | 'arch' | 'table' | 'diamond' | 'scallops' | 'stripes' | 'window'

/** The style of each category, by its slug. */
const STYLES: Record<string, Style> = {
  bags: {
    grounds: ['butter', 'mint', 'blush', 'navy'],
    bodies: ['red', 'teal', 'navy', 'rose'],
    devices: ['disc', 'stripes', 'arch'],
    emblem: 'bag',
  },
  'tea-baking': {
    grounds: ['mint', 'blush', 'cream', 'sky'],
    bodies: ['red', 'teal', 'rose', 'blue'],
    devices: ['table', 'scallops', 'table'],
    emblem: 'teapot',
  },
  kitchen: {
    grounds: ['cream', 'sky', 'butter', 'teal'],
    bodies: ['red', 'green', 'blue', 'orange'],
    devices: ['table', 'window', 'table'],
    emblem: 'jar',
  },
  lights: {
    grounds: ['navy', 'plum', 'forest', 'ink'],
    bodies: ['mustard', 'red', 'cream', 'pink'],
    devices: ['rays', 'disc', 'arch'],
    emblem: 'candle',
  },
  home: {
    grounds: ['tan', 'mint', 'blush', 'sky'],
    bodies: ['teal', 'red', 'cream', 'navy'],
    devices: ['window', 'table', 'arch'],
    emblem: 'box',
  },
  walls: {
    grounds: ['sky', 'cream', 'teal', 'blush'],
    bodies: ['red', 'navy', 'mustard', 'teal'],
    devices: ['stripes', 'diamond', 'window'],
    emblem: 'frame',
  },
  ornaments: {
    grounds: ['blush', 'teal', 'butter', 'lilac'],
    bodies: ['red', 'cream', 'plum', 'teal'],
    devices: ['diamond', 'arch', 'rays'],
    emblem: 'vase',
  },
  garden: {
    grounds: ['mint', 'forest', 'butter', 'sky'],
    bodies: ['red', 'orange', 'teal', 'brown'],
    devices: ['arch', 'rays', 'table'],
    emblem: 'plantpot',
  },
  party: {
    grounds: ['pink', 'butter', 'sky', 'red'],
    bodies: ['red', 'teal', 'mustard', 'navy'],
    devices: ['rays', 'scallops', 'stripes'],
    emblem: 'gift',
  },
  stationery: {
    grounds: ['cream', 'mint', 'lilac', 'blue'],
    bodies: ['red', 'navy', 'teal', 'orange'],
    devices: ['stripes', 'disc', 'window'],
    emblem: 'card',
  },
  craft: {
    grounds: ['lilac', 'butter', 'blush', 'teal'],
    bodies: ['red', 'teal', 'navy', 'rose'],
    devices: ['scallops', 'disc', 'stripes'],
    emblem: 'reel',
  },
  toys: {
    grounds: ['mustard', 'sky', 'mint', 'red'],
    bodies: ['red', 'blue', 'green', 'orange'],
    devices: ['rays', 'disc', 'diamond'],
    emblem: 'teddy',
  },
  jewellery: {
    grounds: ['plum', 'blush', 'forest', 'lilac'],
    bodies: ['mustard', 'silver', 'rose', 'teal'],
    devices: ['diamond', 'arch', 'disc'],
    emblem: 'ring',
  },
  bath: {
    grounds: ['sky', 'mint', 'lilac', 'teal'],
    bodies: ['rose', 'cream', 'blue', 'red'],
    devices: ['scallops', 'disc', 'window'],
    emblem: 'soap',
  },
  seasons: {
    grounds: ['forest', 'red', 'cream', 'navy'],
    bodies: ['red', 'mustard', 'cream', 'green'],
    devices: ['rays', 'disc', 'diamond'],
    emblem: 'star',
  },
  else: {
    grounds: ['silver', 'butter', 'sky', 'blush'],
    bodies: ['red', 'teal', 'navy', 'orange'],
    devices: ['disc', 'rays', 'diamond'],
    emblem: 'gift',
  },
}

/** Chooses a number below `count` by an FNV-1a hash of the text. Each `salt` gives an independent choice. */
function choice(text: string, salt: string, count: number): number {
  let hash = 0x811c9dc5
  for (const char of salt + text) hash = Math.imul(hash ^ char.codePointAt(0)!, 0x01000193) >>> 0
  return ((hash ^ (hash >>> 15)) >>> 0) % count
}

/** SVG of one product's label. `category` is a slug of `shop/categories.ts`. */
export function label(id: string, title: string, category: string): string {
  const style = STYLES[category] ?? STYLES.else!
  const key = `${id} ${title}`
  const reading = read(title)
  const named = reading.colours as InkName[]
  const body = INKS[named[0] ?? style.bodies[choice(key, 'body', style.bodies.length)]!]
  const ground = pickGround(style, body, key)
  const inks = thingInks(body, ground, named, key, category === 'lights')
  const device = style.devices[choice(key, 'device', style.devices.length)]!
  const dark = luminance(ground) < 0.25
  const rule = dark ? INKS.cream : INKS.ink

  const subject = pickSubject(reading, style)
  const print = reading.print && subject.printable ? printPattern(reading.print, body, inks) : ''
  const figure = compose(subject, reading, inks, ground, print !== '')
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}">${print && `<defs>${print}</defs>`}` +
    `<path fill="${ground}" d="M0 0h${WIDTH}v${HEIGHT}H0z"/>${deviceMarkup(device, ground, dark)}${figure}` +
    `${border(rule, style, key)}</svg>`
  )
}

function pickGround(style: Style, body: string, key: string): string {
  const start = choice(key, 'ground', style.grounds.length)
  const turned = style.grounds.map((_, i) => INKS[style.grounds[(start + i) % style.grounds.length]!])
  // The background must differ from the thing: a red bag is not drawn on red.
  return (
    turned.find((ground) => distance(ground, body) > 200) ??
    turned.sort((a, b) => distance(b, body) - distance(a, body))[0]!
  )
}

/** A line colour that is visible on a dark background and on a light thing. */
const LINE_ON_DARK = '#8791a6'

function thingInks(a: string, ground: string, named: readonly InkName[], key: string, flame: boolean): Inks {
  const seconds = [
    ...named.slice(1).map((name) => INKS[name]),
    ...['teal', 'mustard', 'red', 'navy', 'cream', 'rose'].map((name) => INKS[name as InkName]),
  ]
  const start = flame || named.length > 1 ? 0 : choice(key, 'second', 4)
  if (flame) seconds.unshift(INKS.mustard, INKS.orange, INKS.red)
  const fits = (colour: string) => distance(colour, a) > 220 && distance(colour, ground) > 180
  const b = [...seconds.slice(start), ...seconds].find(fits) ?? INKS.mustard
  const c = distance(a, INKS.paper) > 160 ? INKS.paper : INKS.cream
  return {
    a,
    b,
    c: distance(a, c) > 120 ? c : mix(a, INKS.ink, 0.18),
    k: luminance(ground) < 0.1 ? LINE_ON_DARK : luminance(a) < 0.06 ? INKS.slate : INKS.ink,
  }
}

function pickSubject(reading: Reading, style: Style): Drawing {
  const thing = reading.thing && (THINGS[reading.thing] ?? MOTIFS[reading.thing])
  if (thing && (reading.thing !== 'hanging' || reading.motif)) return thing
  return (reading.motif && MOTIFS[reading.motif]) || THINGS[style.emblem] || MOTIFS[style.emblem]!
}

/** Motifs that are mainly drawn in the light ink. */
const PALE = ['skull', 'mushroom', 'daisy', 'angel']

/** Places for one, two, three or four things on the label: centre x, y and size. */
const PLACES: readonly (readonly (readonly [number, number, number])[])[] = [
  [[100, 121, 138]],
  [
    [68, 96, 94],
    [132, 146, 94],
  ],
  [
    [100, 76, 82],
    [59, 158, 82],
    [141, 158, 82],
  ],
  [
    [60, 76, 80],
    [140, 76, 80],
    [60, 164, 80],
    [140, 164, 80],
  ],
]

function compose(subject: Drawing, reading: Reading, inks: Inks, ground: string, printed: boolean): string {
  const places = PLACES[reading.count - 1]!
  const scale = reading.size === 'small' ? 0.8 : reading.size === 'large' ? 1.1 : 1
  let markup = subject.markup
  if (printed) markup = withPrint(subject)
  const motif = reading.motif && (MOTIFS[reading.motif] ?? THINGS[reading.motif])
  const stamp = subject.stamp && motif && motif !== subject ? motif : undefined
  const other = reading.count > 1 ? { ...inks, a: inks.b, b: inks.a } : inks
  return places
    .map(([x, y, plain], index) => {
      const size = plain * (reading.count === 1 ? scale : 1)
      const own = index % 2 === 1 && reading.colours.length !== 1 ? other : inks
      let figure = ink(markup, own, 'url(#p)')
      figure += ink(stamp ? '' : subject.filler, own)
      if (stamp) figure += stamped(stamp, subject.stamp!, own, printed, ground, reading.thing === 'hanging')
      return `<g transform="translate(${round(x - size / 2)} ${round(y - size / 2)}) scale(${round(size / 100)})">${figure}</g>`
    })
    .join('')
}

/** The print comes right after the part's own colour, so that handles and lids are drawn on top of it. */
function withPrint(subject: Drawing): string {
  let markup = subject.markup
  for (const [whole] of subject.printable!.matchAll(/<[^>]+>/g)) {
    const plain = whole.replace('fill="{print}"', 'fill="{a}"')
    markup = markup.replace(plain, plain + whole)
  }
  return markup
}

function stamped(
  motif: Drawing,
  at: Stamp,
  inks: Inks,
  printed: boolean,
  ground: string,
  alone: boolean,
): string {
  const { x, y, size } = at
  const place = `<g transform="translate(${round(x - size / 2)} ${round(y - size / 2)}) scale(${round(size / 100)})">`
  if (alone) return `${place}${ink(motif.markup, inks)}</g>`
  // The print is light on a dark thing and red on a light one. The background is the second ink.
  const on = inks[at.on]
  const main = luminance(on) > 0.45 ? INKS.red : INKS.cream
  const second = distance(ground, main) > 150 && distance(ground, on) > 150 ? ground : inks.b
  const line = luminance(main) > 0.4 ? INKS.ink : INKS.cream
  const own = PALE.some((name) => MOTIFS[name] === motif)
    ? { a: second, b: main, c: main, k: on }
    : { a: main, b: second, c: on, k: line }
  const patch = printed ? `<circle cx="${x}" cy="${y}" r="${round(size * 0.64)}" fill="${on}"/>` : ''
  return `${patch}${place}${ink(motif.markup, own)}</g>`
}

const round = (value: number) => Math.round(value * 100) / 100

function printPattern(print: string, body: string, inks: Inks): string {
  const light = luminance(body) > 0.55 ? mix(body, inks.b, 0.75) : INKS.paper
  const open = (size: number, extra = '') =>
    `<pattern id="p" width="${size}" height="${size}" patternUnits="userSpaceOnUse"${extra}>`
  const art: Record<string, string> = {
    dots: `${open(14)}<circle cx="3.5" cy="3.5" r="2.6" fill="${light}"/><circle cx="10.5" cy="10.5" r="2.6" fill="${light}"/>`,
    gingham: `${open(12)}<path d="M0 0h6v12H0zM0 0h12v6H0z" fill="${light}" fill-opacity=".5"/>`,
    stripes: `${open(12)}<path d="M0 0h5v12H0z" fill="${light}" fill-opacity=".9"/>`,
    drops: `${open(20, ' patternTransform="rotate(20)"')}<path d="M5 2c6 5 6 12 0 12S-1 8 5 2z" fill="${light}"/><circle cx="5" cy="10" r="1.8" fill="${inks.b}"/><path d="M15 18c-5-4-5-8 0-8s5 4 0 8z" fill="${inks.b}"/>`,
    lace: `${open(14)}<g fill="none" stroke="${light}" stroke-width="1.4"><circle cx="7" cy="7" r="5"/><circle cx="7" cy="7" r="1.5"/></g>`,
    sprigs: `${open(22)}<g fill="${light}"><circle cx="6" cy="4" r="2.2"/><circle cx="3.6" cy="7.6" r="2.2"/><circle cx="8.4" cy="7.6" r="2.2"/></g><path d="M15 20c4-8 6-6 5-2s-3 4-5 2z" fill="${inks.b}"/><circle cx="17" cy="8" r="1.4" fill="${light}"/>`,
    weave: `${open(10)}<path d="M0 2.5h10M0 7.5h10" stroke="${mix(body, INKS.ink, 0.25)}" stroke-width="1.2" stroke-dasharray="5 5"/><path d="M5 5h5" stroke="${light}" stroke-width="1" stroke-opacity=".6"/>`,
  }
  return `${art[print]}</pattern>`
}

function deviceMarkup(device: Device, ground: string, dark: boolean): string {
  const tone = dark ? mix(ground, INKS.paper, 0.13) : mix(ground, INKS.paper, 0.5)
  const deep = mix(ground, INKS.ink, dark ? 0.28 : 0.1)
  switch (device) {
    case 'rays': {
      let rays = ''
      for (let i = 0; i < 12; i++) {
        const [from, to] = [(i * Math.PI) / 6, (i * Math.PI) / 6 + Math.PI / 12]
        const point = (angle: number) =>
          `${Math.round(100 + 190 * Math.cos(angle))} ${Math.round(120 + 190 * Math.sin(angle))}`
        rays += `M100 120L${point(from)}L${point(to)}z`
      }
      return `<path fill="${tone}" d="${rays}"/>`
    }
    case 'disc':
      return `<circle cx="100" cy="120" r="82" fill="${tone}"/>`
    case 'arch':
      return `<path fill="${tone}" d="M22 222V106a78 78 0 0 1 156 0v116z"/>`
    case 'table':
      return `<path fill="${tone}" d="M0 0h200v168H0z"/><path fill="${deep}" d="M0 168h200v5H0z"/>`
    case 'diamond':
      return `<path fill="${tone}" d="M100 14l86 106-86 106L14 120z"/>`
    case 'scallops': {
      let rows = ''
      for (let y = 0; y < 7; y++) {
        for (let x = 0; x < 6; x++) rows += `M${x * 40 - (y % 2) * 20} ${y * 40}a20 20 0 0 0 40 0`
      }
      return `<path fill="none" stroke="${tone}" stroke-width="4" d="${rows}"/>`
    }
    case 'stripes':
      return `<path fill="${tone}" d="M20 0h20v240H20zM60 0h20v240H60zM100 0h20v240h-20zM140 0h20v240h-20zM180 0h20v240h-20z"/>`
    case 'window':
      return `<path fill="${tone}" d="M26 26h148v188H26z"/><path fill="${deep}" d="M26 206h148v8H26z"/>`
  }
}

/** A ruled edge with the category's own corners. */
function border(rule: string, style: Style, key: string): string {
  const line = (inset: number, width: number, corner: number, cut: boolean) => {
    const [x, y, right, bottom] = [inset, inset, WIDTH - inset, HEIGHT - inset]
    const arc = (to: string) => (cut ? `L${to}` : `A${corner} ${corner} 0 0 0 ${to}`)
    return (
      `<path fill="none" stroke="${rule}" stroke-width="${width}" d="M${x + corner} ${y}H${right - corner}${arc(`${right} ${y + corner}`)}` +
      `V${bottom - corner}${arc(`${right - corner} ${bottom}`)}H${x + corner}${arc(`${x} ${bottom - corner}`)}V${y + corner}${arc(`${x + corner} ${y}`)}z"/>`
    )
  }
  const kind = choice(style.emblem, 'border', 3)
  const corner = [14, 10, 18][kind]!
  const dots = `<g fill="${rule}"><circle cx="9" cy="9" r="2.5"/><circle cx="191" cy="9" r="2.5"/><circle cx="9" cy="231" r="2.5"/><circle cx="191" cy="231" r="2.5"/></g>`
  return (
    line(8, 1.6, corner, kind === 1) +
    (choice(key, 'double', 2) ? line(12, 0.8, corner - 2, kind === 1) : '') +
    dots
  )
}
