/** A category's page: the visitor chooses the order. "For you" holds for all categories of a visit, under a grant. */
import { basketIds } from './basket-store.js'
import { products } from './catalogue.js'
import { all, find, press } from './dom.js'
import { engine, nearside } from './engine.js'
import { noteSort, sortsForYou } from './marks.js'
import { move, release } from './move.js'
import { isPersonal, words } from './reasons.js'

export async function categoryPage(): Promise<void> {
  const list = find('[data-sortable]')!
  const note = find('[data-sort-note]')!
  const cards = all('[data-nearside-item]', list).sort(
    (a, b) => Number(a.dataset.place) - Number(b.dataset.place),
  )
  const group = find('.sorting .switch')!

  const orders: Record<string, () => Promise<string>> = {
    async shop() {
      put(cards)
      return `${cards.length} products, best sellers first.`
    },
    async yours() {
      const inBasket = new Set(basketIds())
      const { items, by } = await nearside().rank(cards, {
        slot: 'shelf',
        key: (card) => card.dataset.nearsideItem,
        reasons: true,
        timeout: 4000,
      })
      put(items.map(({ item }) => item))
      if (by === 'server') return 'Best sellers: no answer from this device.'
      if (!items.some(isPersonal)) return 'Best sellers: nothing known about you yet.'
      for (const { item, reasons } of items) find('.why', item)!.textContent = await words(reasons, inBasket)
      return `${cards.length} products, in your own order.`
    },
    low: () => byPrice(1),
    high: () => byPrice(-1),
  }

  function put(wanted: readonly HTMLElement[]): void {
    for (const why of all('.why', list)) why.textContent = ''
    move(list, wanted, !release())
  }

  async function byPrice(direction: 1 | -1): Promise<string> {
    const goods = await products()
    const price = (card: HTMLElement) => goods.get(card.dataset.nearsideItem!)?.price ?? 0
    put([...cards].sort((a, b) => direction * (price(a) - price(b))))
    return `${cards.length} products, ${direction > 0 ? 'lowest' : 'highest'} price first.`
  }

  const sort = async (button: HTMLElement) => {
    press(group, button)
    note.textContent = await orders[button.dataset.sort!]!()
  }
  for (const button of all('[data-sort]', group)) {
    button.addEventListener('click', () => {
      noteSort(button.dataset.sort === 'yours')
      void sort(button)
    })
  }
  if (sortsForYou() && (await engine()).consent.state === 'granted')
    await sort(find('[data-sort=yours]', group)!)
}
