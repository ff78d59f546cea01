/** How the shop works, for visitors. */
import { html } from './html.js'
import { layout } from './layout.js'
import type { Shop } from './shop.js'

export function aboutPage(shop: Shop): string {
  const content = html`
<article class="prose">
  <h1>How it works</h1>
  <p class="lead">Most shops send what you do to a server, which keeps a profile of you. This shop sends a small file to your browser instead, and your browser does the work.</p>
  <h2>What comes to you</h2>
  <p>When a page opens, one script tag starts a worker in the background. It downloads a <em>pack</em>: a few static files, made once from the shop’s past baskets. For each product, a pack holds a list of numbers that says which products are alike, the products it was often bought with, and its price. It does not hold anybody’s basket: a pair of products is in the pack only if at least three baskets had both.</p>
  <h2>What stays with you</h2>
  <p>Only this device remembers what you look at, skip and put in the basket, and only if you say yes. The worker uses it to find out which products suit you, and the page puts them in that order. If anything fails or takes too long, you see the shop’s own order.</p>
  <dl class="states">
    <div><dt>Before you decide</dt><dd>Each page works from memory and forgets everything when you leave it. Nothing is stored.</dd></div>
    <div><dt>After a yes</dt><dd>What you do here and the pack are kept in this browser, for at most 180 days.</dd></div>
    <div><dt>After a no</dt><dd>Everything is erased, in every tab, and nothing is learned. Only the “no” itself is kept, so that no page asks you again.</dd></div>
  </dl>
  <h2>What leaves</h2>
  <p>Nothing. This page has no analytics, no cookies, no outside fonts or pictures. Its security policy allows requests to the shop’s own address only, and it only requests files there. You can watch every request in your browser’s network tools.</p>
  <p><button class="button" type="button" data-open-panel aria-haspopup="dialog">What this device knows</button></p>
  <h2>What is real here</h2>
  <p>Titles, prices and ${shop.baskets.toLocaleString('en-GB')} baskets come from a British online gift shop, from December 2010 to December 2011. We changed the titles from capitals to normal case. A rule derives the categories from the titles, and each picture is drawn from its title.</p>
  <p>A basket lists its items as the till printed them, not as people clicked. So this data cannot tell how often the next click is guessed right, and we give no such figure.</p>
  <p>Chen, D. (2015). Online Retail. UCI Machine Learning Repository, doi:10.24432/C5BW33. Licensed under CC BY 4.0. The changes are listed next to the data.</p>
</article>`
  return layout(shop, {
    title: 'How it works · Tuppence',
    description: 'What this demonstration shop does on your device, and what it never sends.',
    kind: 'about',
    content,
  })
}
