/** A product's page: the product, and two rows that the device fills. */
import { pendingRow } from './cards.js'
import { html } from './html.js'
import { layout } from './layout.js'
import { inCategory, type Product, price, type Shop } from './shop.js'

function productPage(shop: Shop, product: Product, shelf: readonly Product[]): string {
  const { category } = product
  // What a shop without nearside shows: the best sellers of the category, and of the whole shop.
  const near = shelf.filter(({ id }) => id !== product.id)
  const content = html`
<article class="product" data-product="${product.id}" data-price="${product.price}">
  <img class="product-picture" src="${shop.assets.art}/${product.id}.svg" width="200" height="240" alt="" fetchpriority="high">
  <div class="product-text">
    <p class="crumb"><a href="/">Tuppence</a> <span aria-hidden="true">/</span> <a href="/c/${category.slug}.html">${category.name}</a></p>
    <h1>${product.title}</h1>
    <p class="product-price">${price(product.price)}</p>
    <p class="actions"><button class="button primary" type="button" data-add="${product.id}">Put in basket</button> <button class="button" type="button" data-less="${product.id}" aria-pressed="false">Less like this</button></p>
    <p class="said" role="status" data-said></p>
    <details class="explain"><summary>Why would this device suggest it?</summary><div data-explain><p>One moment…</p></div></details>
  </div>
</article>
<section class="band" aria-labelledby="similar-title">
  <div class="heading"><h2 id="similar-title">Similar to this</h2><p class="note">Bought in similar baskets.</p></div>
  ${pendingRow('similar', 6, near)}
</section>
<section class="band" aria-labelledby="picks-title">
  <div class="heading"><h2 id="picks-title" data-row-title="picks">Also popular</h2><p class="note" data-row-note="picks">What many people buy here.</p></div>
  ${pendingRow('picks', 6, shop.products.filter(({ id }) => id !== product.id).slice(0, 16))}
  <p class="said" role="status" data-row-said="picks"></p>
</section>`
  return layout(shop, {
    title: `${product.title} · Tuppence`,
    description: `${product.title}, ${price(product.price)}, from ${category.name}.`,
    kind: 'product',
    current: category.slug,
    content,
  })
}

/** Every product's page, as path and text. */
export function* productPages(shop: Shop): Generator<readonly [path: string, text: string]> {
  const shelves = new Map(
    shop.products.map(({ category }) => [category, inCategory(shop, category).slice(0, 7)]),
  )
  for (const product of shop.products) {
    yield [`p/${product.id}.html`, productPage(shop, product, shelves.get(product.category)!)]
  }
}
