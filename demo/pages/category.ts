/** A category's page: all its products, best sellers first. */
import type { Category } from '../shop/categories.js'
import { card } from './cards.js'
import { html } from './html.js'
import { categorySign } from './icons.js'
import { layout } from './layout.js'
import { inCategory, type Shop } from './shop.js'

export function categoryPage(shop: Shop, category: Category): string {
  const goods = inCategory(shop, category)
  const content = html`
<section class="band" aria-labelledby="shelf-title">
  <div class="shelf-head">${categorySign(shop, category.slug, 96)}<div><h1 id="shelf-title">${category.name}</h1><p class="lead">${category.line}</p></div></div>
  <div class="heading sorting">
    <p class="note" data-sort-note aria-live="polite">${goods.length} products, best sellers first.</p>
    <div class="switch" role="group" aria-label="Sort by">
      <button type="button" data-sort="shop" aria-pressed="true">Best sellers</button>
      <button type="button" data-sort="yours" aria-pressed="false">For you</button>
      <button type="button" data-sort="low" aria-pressed="false" aria-label="Price, low to high">Price ↑</button>
      <button type="button" data-sort="high" aria-pressed="false" aria-label="Price, high to low">Price ↓</button>
    </div>
  </div>
  <ul class="grid" data-nearside-rank="shelf" data-sortable>${goods.map((product, place) => card(shop, product, place, { eager: place < 6, reasoned: true }))}</ul>
</section>`
  return layout(shop, {
    title: `${category.name} · Tuppence`,
    description: category.line,
    kind: 'category',
    current: category.slug,
    content,
  })
}
