/** The front page: what the shop is, a list that re-orders itself for the visitor, and a row of every larger shelf. */
import { CATEGORIES } from '../shop/categories.js'
import { card, pendingRow } from './cards.js'
import { html, raw } from './html.js'
import { layout } from './layout.js'
import { inCategory, type Shop } from './shop.js'

/** Candidates of the re-ranked list; the first 24 are shown until the visitor asks for all. */
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
    <p class="lead">Look around. The lists here re-order themselves for you, in your browser, from one small file. No account, no cookies, no server that knows what you like.</p>
    <p class="actions"><a class="button primary" href="#window">Look around</a> <button class="button" type="button" data-open-panel aria-haspopup="dialog">What this device knows</button></p>
  </div>
  <ul class="wall" aria-label="A few of the goods">${wall.map(
    ({ id, title }) =>
      html`<li><a href="/p/${id}.html"><img src="${shop.assets.art}/${id}.svg" width="200" height="240" alt="${title}"></a></li>`,
  )}</ul>
</section>
<section class="steps" aria-label="Try it">
  <ol>
    <li><strong>Open three things you like.</strong> A bag, a lantern, whatever it is.</li>
    <li><strong>Come back here.</strong> The window below has moved, and says why.</li>
    <li><strong>Open the drawer.</strong> See all that this device knows, take it along, or erase it.</li>
  </ol>
</section>
<section class="band" aria-labelledby="picks-title">
  <div class="heading"><h2 id="picks-title">Picked for you</h2><p class="note" data-row-note="picks">Chosen from 3,000 things, on this device.</p></div>
  ${pendingRow('picks', 6, shop.products.slice(CANDIDATES, CANDIDATES + 6))}
</section>
<section class="band" id="window" aria-labelledby="window-title">
  <div class="heading">
    <h2 id="window-title">In the window</h2>
    <p class="note" data-window-note>The shop’s best sellers, in the shop’s order.</p>
    <div class="switch" role="group" aria-label="Order of the window">
      <button type="button" data-order="shop" aria-pressed="true">The shop’s order</button>
      <button type="button" data-order="yours" aria-pressed="false" disabled>Your order</button>
    </div>
  </div>
  <ul class="grid window" id="window-list" data-nearside-rank="home">${popular.map((product, place) => card(shop, product, place, { reasoned: true }))}</ul>
  <p class="more"><button class="button" type="button" data-more aria-expanded="false" aria-controls="window-list">Show all ${CANDIDATES}</button></p>
</section>
${ROWS.map((slug) => {
  const category = CATEGORIES.find((one) => one.slug === slug)!
  return html`<section class="band" aria-labelledby="row-${slug}">
  <div class="heading"><h2 id="row-${slug}">${category.name}</h2><p class="note">${category.line}</p><a class="all" href="/c/${slug}.html">All of it<span class="hidden"> in ${category.name}</span> ${raw('→')}</a></div>
  <ul class="grid row" data-nearside-rank="shelf-${slug}">${inCategory(shop, category)
    .slice(0, 6)
    .map((product, place) => card(shop, product, place))}</ul>
</section>`
})}`
  return layout(shop, {
    title: 'Tuppence, a shop that learns on your side of the counter',
    description:
      'A demonstration shop: its lists re-order themselves in your browser, and nothing you do leaves it.',
    kind: 'home',
    content,
  })
}
