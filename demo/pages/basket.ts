/** The basket's page. The script fills it, because the basket is kept in this browser. */
import { pendingRow } from './cards.js'
import { html } from './html.js'
import { layout } from './layout.js'
import type { Shop } from './shop.js'

export function basketPage(shop: Shop): string {
  const content = html`
<section class="band narrow" aria-labelledby="basket-title">
  <h1 id="basket-title">Your basket</h1>
  <p class="note">The shop keeps your basket in this browser, whatever you decide about personalization. It is not sent anywhere.</p>
  <div data-basket aria-busy="true"></div>
</section>
<section class="band" aria-labelledby="goes-title">
  <div class="heading"><h2 id="goes-title" data-row-title="basket">Goes with your basket</h2><p class="note" data-row-note="basket">Often bought together with these products.</p></div>
  ${pendingRow('basket', 6, shop.products.slice(0, 12))}
</section>`
  return layout(shop, {
    title: 'Your basket · Tuppence',
    description: 'The basket of a demonstration shop.',
    kind: 'basket',
    content,
  })
}
