/** Products in rows that the device fills: the same elements as in `pages/cards.ts`. */
import { type Product, page, picture, pounds } from './catalogue.js'
import { el } from './dom.js'

export function card({ id, title, price }: Product, why: string): HTMLLIElement {
  const image = el('img', { src: picture(id), width: 200, height: 240, alt: '', decoding: 'async' })
  return el(
    'li',
    { class: 'card', 'data-nearside-item': id },
    el('a', { href: page(id) }, image, el('span', { class: 'card-title' }, title)),
    el('span', { class: 'price' }, pounds(price)),
    el('span', { class: 'why' }, why),
  )
}
