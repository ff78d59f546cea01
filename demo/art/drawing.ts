/**
 * A small language for the shop's pictures. It keeps a hundred drawings short and gives them one style.
 * A drawing is a few lines on a field of 100 by 100, painted in this order:
 *
 *     a   M20 40h60l5 50H15z        a path, filled with ink a
 *     a*  o 50 50 40                a circle (x, y, r), and the part that can be printed (dots, stripes)
 *     -k3 M20 20l60 60              a line in ink k, 3 wide
 *     b   e 50 80 30 6              an ellipse (x, y, rx, ry)
 *     c   r 20 20 60 60 4           a rectangle (x, y, width, height, corner)
 *     @   50 55 40                  where a motif can be stamped: its centre and size
 *     @c  50 55 40                  the same, on a part in ink c instead of a
 *     ~c3 M30 50h40                 only drawn if no motif is stamped (a sign's lettering, a frame's picture)
 *
 * Inks: a is the thing's colour, b its second, c a light one, k the line.
 */

export type Ink = 'a' | 'b' | 'c' | 'k'
export type Inks = Record<Ink, string>

export interface Drawing {
  /** Element markup with `{a}` for an ink. */
  markup: string
  /** Drawn on top if no motif is stamped. */
  filler: string
  /** Markup of the printable part alone, painted with `{print}`. */
  printable?: string
  /** Centre and size of a stamped motif. */
  stamp?: { x: number; y: number; size: number; on: Ink }
}

export function draw(source: string): Drawing {
  const drawing: Drawing = { markup: '', filler: '' }
  for (const line of source.trim().split('\n')) {
    const filler = line.trim().startsWith('~')
    const [paint, ...rest] = line
      .trim()
      .slice(filler ? 1 : 0)
      .split(/\s+/)
    const shape = rest.join(' ')
    if (paint!.startsWith('@')) {
      const [x, y, size] = rest.map(Number)
      drawing.stamp = { x: x!, y: y!, size: size!, on: (paint![1] ?? 'a') as Ink }
      continue
    }
    const [, stroke, ink, width, print] = /^(-?)([abck])([\d.]*)(\*?)$/.exec(paint!) ?? []
    if (!ink) throw new Error(`Expected an ink such as a, a*, or -k3, got "${paint}" in "${line}".`)
    const attributes = stroke
      ? `fill="none" stroke="{${ink}}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round"`
      : `fill="{${ink}}"`
    drawing[filler ? 'filler' : 'markup'] += element(shape, attributes)
    if (print) drawing.printable = (drawing.printable ?? '') + element(shape, 'fill="{print}"')
  }
  return drawing
}

function element(shape: string, attributes: string): string {
  const [kind, ...numbers] = shape.split(' ')
  const [p, q, r, s, t] = numbers
  if (kind === 'o') return `<circle cx="${p}" cy="${q}" r="${r}" ${attributes}/>`
  if (kind === 'e') return `<ellipse cx="${p}" cy="${q}" rx="${r}" ry="${s}" ${attributes}/>`
  if (kind === 'r') return `<rect x="${p}" y="${q}" width="${r}" height="${s}" rx="${t ?? 0}" ${attributes}/>`
  return `<path d="${shape}" ${attributes}/>`
}

/** The markup in its inks. */
export function ink(markup: string, inks: Inks, print = ''): string {
  return markup.replace(/\{(a|b|c|k|print)\}/g, (_, name: Ink | 'print') =>
    name === 'print' ? print : inks[name],
  )
}
