/** What happens here, for the curious and the careful. */
import { html } from './html.js'
import { layout } from './layout.js'
import type { Shop } from './shop.js'

export function aboutPage(shop: Shop): string {
  const content = html`
<article class="prose">
  <h1>How it works</h1>
  <p class="lead">Most shops send what you do to a server, which keeps a profile of you. This one sends a small file to your browser, which does the work here.</p>
  <h2>What comes to you</h2>
  <p>When a page opens, one script tag starts a worker in the background. It fetches a <em>pack</em>: a few static files, made once from the shop’s past baskets. A pack holds a point in space for each product, which products were often taken together, and what things cost. It holds nobody’s basket: a pair of products is in it only when at least three baskets had both.</p>
  <h2>What stays with you</h2>
  <p>What you look at, put in the basket and skip is remembered on this device only, and only if you say yes. From it the worker works out which of the shop’s own products suit you, and the page puts them in that order. If anything fails, or takes too long, you see the shop’s own order.</p>
  <dl class="states">
    <div><dt>Before you decide</dt><dd>It works from memory and forgets everything when you leave the page. Nothing is written.</dd></div>
    <div><dt>After a yes</dt><dd>Events and the pack are kept in this browser, for 180 days at most.</dd></div>
    <div><dt>After a no</dt><dd>Everything is wiped, in every tab, and nothing is learned. Only the no itself is kept, so that no page asks again.</dd></div>
  </dl>
  <h2>What leaves</h2>
  <p>Nothing. This page has no analytics, no cookies, no outside fonts or pictures. Its security policy allows it to talk to the shop’s own address only, and all it asks for there is files. Your browser’s network tools show every request.</p>
  <p><button class="button" type="button" data-open-panel aria-haspopup="dialog">What this device knows</button></p>
  <h2>What is real here</h2>
  <p>Titles, prices and ${shop.baskets.toLocaleString('en-GB')} baskets come from a British online gift shop, from December 2010 to December 2011. Titles were set in sentence case; the shelves are worked out from the titles by a rule; each picture is drawn from its title.</p>
  <p>Within a basket the data has the order of the till roll, not the order of clicks. A figure such as “guesses the next click right so often” would mean nothing here, so there is none.</p>
  <p>Chen, D. (2015). Online Retail. UCI Machine Learning Repository, doi:10.24432/C5BW33. Licensed under CC BY 4.0; the changes made are listed beside the data.</p>
</article>`
  return layout(shop, {
    title: 'How it works · Tuppence',
    description: 'What this demonstration shop does on your device, and what it never sends.',
    kind: 'about',
    content,
  })
}
