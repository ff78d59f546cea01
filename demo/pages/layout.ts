/**
 * The frame of every page: head, header, footer, and the script tag just as a shop would write it. `data-timeout` is a
 * second, because most lists that it ranks are below the first screen.
 */
import { CATEGORIES } from '../shop/categories.js'
import { html, type Markup, raw } from './html.js'
import { categorySign, icon, wordmark } from './icons.js'
import type { Shop } from './shop.js'

interface Page {
  title: string
  description: string
  /** Which script of its own the page has: `home`, `category`… */
  kind: string
  /** Slug of the category that is marked in the navigation. */
  current?: string
  content: Markup
}

export function layout(shop: Shop, page: Page): string {
  const { assets } = shop
  return html`<!doctype html>
<html lang="en" data-page="${page.kind}" data-catalogue="${assets.catalogue}" data-art="${assets.art}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${page.title}</title>
<meta name="description" content="${page.description}">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="${assets.style}">
<script>${raw(shop.stub)}</script>
<script src="${assets.early}"></script>
<script async src="/nearside.js" data-pack="/packs/shop/" data-consent="auto" data-remember data-timeout="1000"></script>
<script type="module" src="${assets.script}"></script>
</head>
<body>
<a class="skip" href="#main">Skip to the products</a>
<header>
<p class="strip">A demo shop: nothing is for sale.<span class="wide"> Nothing you do here leaves this device.</span> <a href="/about.html">How it works</a> · <a href="/switches.html">Switches</a></p>
<div class="header">
  <a class="home-link" href="/" aria-label="Tuppence, to the front page">${wordmark()}</a>
  <form class="search" action="/search.html" role="search">
    <label class="hidden" for="q">Search the shop</label>
    <input class="search-words" id="q" name="q" type="search" placeholder="Search 3,000 small things" autocomplete="off" required>
    <button class="search-go" aria-label="Search">${icon('search')}</button>
  </form>
  <nav class="tools" aria-label="You">
    <button class="tool" type="button" data-open-panel aria-haspopup="dialog">${icon('device')}<span class="tool-text">What this device knows</span></button>
    <a class="tool" href="/basket.html">${icon('basket')}<span class="tool-text">Basket</span> <span class="count" data-basket-count aria-live="polite"></span></a>
  </nav>
</div>
</header>
<nav class="shelves" aria-label="Categories">
  <ul>${CATEGORIES.map(
    ({ slug, name, short }) =>
      html`<li><a href="/c/${slug}.html" title="${name}"${raw(slug === page.current ? ' aria-current="page"' : '')}>${categorySign(shop, slug, 22)}${short}</a></li>`,
  )}</ul>
</nav>
<main id="main" tabindex="-1">
${page.content}
</main>
<footer class="footer">
  <div>
    <h2>About this shop</h2>
    <p>Tuppence does not exist. It is the demo of <strong>nearside</strong>, which re-orders a shop’s lists in the browser, using one static file. Titles, prices and baskets are real: they come from the sales of a British gift shop in 2010 and 2011. The pictures are drawn from the titles.</p>
  </div>
  <div>
    <h2>The data</h2>
    <p>Chen, D. (2015). Online Retail. UCI Machine Learning Repository, <span class="nowrap">doi:10.24432/C5BW33</span>, CC BY 4.0, with changes. A basket lists its items as the till printed them, not as people clicked, so we claim no accuracy from this data.</p>
  </div>
  <div>
    <h2>You</h2>
    <p>No account, no cookies, no analytics. <button class="link" type="button" data-open-panel aria-haspopup="dialog">See, export or erase what this device knows</button>. Or read <a href="/about.html">how it works</a>.</p>
  </div>
</footer>
</body>
</html>
`.text
}
