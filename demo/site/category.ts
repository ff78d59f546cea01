/** A shelf's page: the visitor chooses its order. */
import { basketIds } from './basket-store.js'
import { products } from './catalogue.js'
import { all, find, press } from './dom.js'
import { nearside } from './engine.js'
import { words } from './reasons.js'

export function categoryPage(): void {
  const list = find('[data-sortable]')!
  const note = find('[data-sort-note]')!
  const cards = all('[data-nearside-item]', list).sort(
    (a, b) => Number(a.dataset.place) - Number(b.dataset.place),
  )
  const group = find('.sorting .switch')!

  const orders: Record<string, () => Promise<string>> = {
    async shop() {
      put(cards)
      return `${cards.length} things, the shop’s best sellers first.`
    },
    async yours() {
      const inBasket = new Set(basketIds())
      const { items, by } = await nearside().rank(cards, {
        slot: 'shelf',
        key: (card) => card.dataset.nearsideItem,
        timeout: 4000,
      })
      put(items.map(({ item }) => item))
      if (by === 'server') return 'No order of the device’s own just now: these are the shop’s best sellers.'
      for (const { item, reasons } of items) find('.why', item)!.textContent = await words(reasons, inBasket)
      return `${cards.length} things in an order made for you, on this device.`
    },
    low: () => byPrice(1),
    high: () => byPrice(-1),
  }

  function put(wanted: readonly HTMLElement[]): void {
    for (const why of all('.why', list)) why.textContent = ''
    list.append(...wanted)
  }

  async function byPrice(direction: 1 | -1): Promise<string> {
    const goods = await products()
    const price = (card: HTMLElement) => goods.get(card.dataset.nearsideItem!)?.price ?? 0
    put([...cards].sort((a, b) => direction * (price(a) - price(b))))
    return `${cards.length} things, ${direction > 0 ? 'from small to great' : 'from great to small'} prices.`
  }

  for (const button of all('[data-sort]', group)) {
    button.addEventListener('click', async () => {
      press(group, button)
      note.textContent = await orders[button.dataset.sort!]!()
    })
  }
}
