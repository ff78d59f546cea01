/** The basket, which the page's script fills: it is kept in this browser. */
import { pendingRow } from './cards.js'
import { html } from './html.js'
import { layout } from './layout.js'
import type { Shop } from './shop.js'

export function basketPage(shop: Shop): string {
  const content = html`
<section class="band narrow" aria-labelledby="basket-title">
  <h1 id="basket-title">Your basket</h1>
  <p class="note">Kept by the shop itself in this browser’s storage, whatever you decide about personalization: a shop without a basket is none. It is sent nowhere either.</p>
  <div data-basket aria-busy="true"></div>
</section>
<section class="band" aria-labelledby="goes-title">
  <div class="heading"><h2 id="goes-title">Goes with your basket</h2><p class="note" data-row-note="basket">What others have taken with these things, worked out on this device.</p></div>
  ${pendingRow('basket', 6, shop.products.slice(0, 12))}
</section>`
  return layout(shop, {
    title: 'Your basket · Tuppence',
    description: 'The basket of a demonstration shop.',
    kind: 'basket',
    content,
  })
}
