/** The search page. The browser finds the products and puts them in order. */
import { html } from './html.js'
import { layout } from './layout.js'
import type { Shop } from './shop.js'

export function searchPage(shop: Shop): string {
  const content = html`
<section class="band tall" aria-labelledby="search-title">
  <div class="heading"><h1 id="search-title">Search</h1><p class="note" data-search-note role="status">Looking…</p></div>
  <ul class="grid" data-results></ul>
</section>`
  return layout(shop, {
    title: 'Search · Tuppence',
    description: 'Search a demonstration shop.',
    kind: 'search',
    content,
  })
}
