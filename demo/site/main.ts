/** The shop's script: what every page has, and what this one has besides. */
import { basketPage } from './basket.js'
import { showCount } from './basket-store.js'
import { categoryPage } from './category.js'
import { askForConsent } from './consent.js'
import { find } from './dom.js'
import { KNOWLEDGE } from './engine.js'
import { panel } from './panel.js'
import { productPage } from './product.js'
import { fillRows, trackRows } from './rows.js'
import { searchPage } from './search.js'
import { windowList } from './window.js'

const PAGES: Record<string, () => unknown> = {
  home: windowList,
  category: categoryPage,
  product: productPage,
  basket: basketPage,
  search: searchPage,
}

// On a phone the shelves scroll sideways: the one that is open is in sight.
const current = find('.shelves [aria-current]')
if (current) current.closest('ul')!.scrollLeft = current.offsetLeft - 24

showCount()
panel()
trackRows()
// First what the page is about: a product that is looked at counts for the rows beside it.
void PAGES[document.documentElement.dataset.page!]?.()
void fillRows()
void askForConsent()
document.addEventListener(KNOWLEDGE, () => void fillRows())
// Another tab of the shop may have changed the basket meanwhile; this one may come back from the cache.
addEventListener('storage', showCount)
addEventListener('pageshow', showCount)
