/** Search: the browser finds products in the shop's catalogue, and the device puts them in order. */
import { basketIds } from './basket-store.js'
import { card } from './cards.js'
import { type Product, products } from './catalogue.js'
import { find } from './dom.js'
import { nearside } from './engine.js'
import { isPersonal, words } from './reasons.js'

const MOST = 60

export async function searchPage(): Promise<void> {
  const query = new URLSearchParams(location.search).get('q')?.trim() ?? ''
  const note = find('[data-search-note]')!
  for (const field of document.querySelectorAll<HTMLInputElement>('#q')) field.value = query
  if (!query) {
    note.textContent = 'What are you looking for?'
    return
  }
  document.title = `${query} · Tuppence`
  const found = matches(query, [...(await products()).values()]).slice(0, MOST)
  nearside().track('view_search_results', {
    search_term: query,
    items: found.slice(0, 10).map(({ id }) => ({ item_id: id })),
  })
  const { items } = await nearside().rank(found, { slot: 'search', timeout: 4000 })
  const inBasket = new Set(basketIds())
  const cards = await Promise.all(
    items.map(async ({ item, reasons }) => card(item, await words(reasons, inBasket))),
  )
  find('[data-results]')!.replaceChildren(...cards)
  const order = items.some(isPersonal) ? 'in your order, made on this device' : 'best sellers first'
  note.textContent =
    found.length > 0
      ? `${found.length}${found.length === MOST ? ' or more' : ''} for “${query}”, ${order}.`
      : `Nothing for “${query}”. Try “bag”, “lantern” or “owl”.`
}

/** Every word of the query must begin a word of the title. The catalogue lists best sellers first, so this does, too. */
function matches(query: string, goods: readonly Product[]): Product[] {
  const wanted = query.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
  if (wanted.length === 0) return []
  return goods.filter(({ title, category }) => {
    const text = ` ${`${title} ${category}`.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ')}`
    return wanted.every(
      (word) => text.includes(` ${word}`) || (word.endsWith('s') && text.includes(` ${word.slice(0, -1)}`)),
    )
  })
}
