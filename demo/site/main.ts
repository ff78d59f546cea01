/** The shop's script: the parts that every page has, and those of this page. */
import { basketPage } from './basket.js'
import { showCount } from './basket-store.js'
import { categoryPage } from './category.js'
import { askForConsent } from './consent.js'
import { find } from './dom.js'
import { KNOWLEDGE } from './engine.js'
import { panel } from './panel.js'
import { productPage } from './product.js'
import { fillRows, trackRows, watchPicks } from './rows.js'
import { searchPage } from './search.js'
import { switchesPage } from './switches.js'
import { windowList } from './window.js'

const PAGES: Record<string, () => unknown> = {
  home: windowList,
  category: categoryPage,
  product: productPage,
  basket: basketPage,
  search: searchPage,
  switches: switchesPage,
}

// On a phone the categories scroll sideways. The open one must be in view.
const current = find('.shelves [aria-current]')
if (current) current.closest('ul')!.scrollLeft = current.offsetLeft - 24

showCount()
panel()
trackRows()
watchPicks()
// First the page's own script: the product that is looked at counts for the rows below it.
void PAGES[document.documentElement.dataset.page!]?.()
void fillRows()
void askForConsent()
document.addEventListener(KNOWLEDGE, () => void fillRows())
// Another tab may change the basket, also while this page is in the back/forward cache.
addEventListener('storage', showCount)
addEventListener('pageshow', ({ persisted }) => {
  showCount()
  if (persisted) void fillRows()
})
