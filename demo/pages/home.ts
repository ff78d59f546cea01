/**
 * The front page: what the shop is, the shop window, which is put in the visitor's order, and rows of some categories.
 * A visitor who comes back sees the window in the first screen, because the `for-new` parts are hidden then.
 */
import { CATEGORIES } from '../shop/categories.js'
import { card, pendingRow } from './cards.js'
import { html, raw } from './html.js'
import { layout } from './layout.js'
import { inCategory, type Shop } from './shop.js'

/** Products of the shop window. The first 24 are shown until the visitor asks for all. */
const CANDIDATES = 120

/** Products whose labels look well together in the hero. */
const WALL = [
  'Lunch bag black skull',
  'Alarm clock Bakelike red',
  'Rabbit night light',
  'Lunch bag Spaceboy design',
  'Red retrospot cake stand',
  'Jumbo bag strawberry',
  'Set of 3 hanging owls ollie beak',
  'English rose hot water bottle',
  'Spaceboy birthday card',
  'Watering can pink bunny',
  'Piggy bank retrospot',
  'White metal lantern',
]

const ROWS = ['bags', 'tea-baking', 'lights', 'toys', 'stationery', 'garden']

export function homePage(shop: Shop): string {
  const popular = shop.products.slice(0, CANDIDATES)
  const wall = WALL.map((title) => shop.products.find((product) => product.title === title)).filter(
    (found) => found !== undefined,
  )
  const content = html`
<section class="hero">
  <div class="hero-text">
    <h1>The shop that learns on <em>your</em> side of the counter</h1>
    <p class="lead for-new">Look around. The lists here re-order themselves for you, in your browser, using one small file. No account, no cookies, no server that knows what you like.</p>
    <p class="lead for-back">Welcome back. This device puts the shop window in your order.</p>
    <p class="actions for-new"><a class="button primary" href="#window">Look around</a> <button class="button" type="button" data-open-panel aria-haspopup="dialog">What this device knows</button></p>
  </div>
  <ul class="wall for-new" aria-label="Some of our products">${wall.map(
    ({ id, title }) =>
      html`<li><a href="/p/${id}.html"><img src="${shop.assets.art}/${id}.svg" width="200" height="240" alt="${title}"></a></li>`,
  )}</ul>
</section>
<section class="steps for-new" aria-label="Try it">
  <ol>
    <li><strong>Say yes.</strong> <span class="either"><span class="if-asked">Let this device remember. Otherwise each page forgets what you did on the page before.</span><span class="if-granted">Done: this device remembers what you do here. You can take it back at any time.</span></span></li>
    <li><strong>Open three products you like.</strong> <span>Then come back here: the shop window is in your order, and says why.</span></li>
    <li><strong>Open “What this device knows”.</strong> <span>See all of it, save a copy, or erase it.</span></li>
  </ol>
</section>
<section class="band first" id="window" aria-labelledby="window-title">
  <div class="heading">
    <h2 id="window-title">Shop window</h2>
    <p class="note" data-window-note>Best sellers, in the shop’s order.</p>
    <div class="switch" role="group" aria-label="Order of the shop window">
      <button type="button" data-order="shop" aria-pressed="true">Shop’s order</button>
      <button type="button" data-order="yours" aria-pressed="false" disabled>Your order</button>
    </div>
  </div>
  <ul class="grid window" id="window-list" data-nearside-rank="home">${popular.map((product, place) => card(shop, product, place, { reasoned: true, eager: place < 6 }))}</ul>
  <p class="more"><button class="button" type="button" data-more aria-expanded="false" aria-controls="window-list">Show all ${CANDIDATES}</button></p>
</section>
<section class="band" aria-labelledby="picks-title">
  <div class="heading"><h2 id="picks-title" data-row-title="picks">Also popular</h2><p class="note" data-row-note="picks">What many people buy here.</p></div>
  ${pendingRow('picks', 6, shop.products.slice(CANDIDATES, CANDIDATES + 6))}
  <p class="said" role="status" data-row-said="picks"></p>
</section>
${ROWS.map((slug) => {
  const category = CATEGORIES.find((one) => one.slug === slug)!
  return html`<section class="band" aria-labelledby="row-${slug}">
  <div class="heading"><h2 id="row-${slug}">${category.name}</h2><p class="note">${category.line}</p><a class="all" href="/c/${slug}.html">See all<span class="hidden"> of ${category.name}</span> ${raw('→')}</a></div>
  <ul class="grid row" data-nearside-rank="shelf-${slug}">${inCategory(shop, category)
    .slice(0, 6)
    .map((product, place) => card(shop, product, place))}</ul>
</section>`
})}`
  return layout(shop, {
    title: 'Tuppence, a shop that learns on your side of the counter',
    description: 'A demo shop: its lists re-order themselves in your browser, and nothing you do leaves it.',
    kind: 'home',
    content,
  })
}
