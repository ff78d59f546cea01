/** Products in lists. For rows that the device fills, `site/cards.ts` makes the same elements in the browser. */
import { html, type Markup, raw } from './html.js'
import { type Product, price, type Shop } from './shop.js'

interface CardOptions {
  /** Load the picture at once, because it is in the first screen. */
  eager?: boolean
  /** Leave room for the reason why the product is at this place. */
  reasoned?: boolean
}

export function card(
  shop: Shop,
  product: Product,
  place: number,
  { eager, reasoned }: CardOptions = {},
): Markup {
  const loading = eager ? '' : ' loading="lazy"'
  return html`<li class="card" data-nearside-item="${product.id}" data-place="${place}"><a href="/p/${product.id}.html"><img src="${shop.assets.art}/${product.id}.svg" width="200" height="240" alt="" decoding="async"${raw(loading)}><span class="card-title">${product.title}</span></a><span class="price">${price(product.price)}</span>${reasoned && html`<span class="why"></span>`}</li>`
}

/** A place that the device fills. It has the final height, so nothing moves. */
export const EMPTY_CARD = html`<li class="card empty"><span class="picture"></span><span class="card-title"></span><span class="price"></span><span class="why"></span></li>`

/** A row that the device fills. Empty places have the final height, so nothing moves. `fallback` is shown without an answer. */
export function pendingRow(kind: string, count: number, fallback: readonly Product[]): Markup {
  return html`<ul class="grid row" data-row="${kind}" data-fallback="${fallback.map(({ id }) => id).join(' ')}" aria-busy="true">${Array.from({ length: count }, () => EMPTY_CARD)}</ul>`
}
