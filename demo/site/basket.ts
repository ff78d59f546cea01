/** The basket's page. */
import { emptyBasket, readBasket, setInBasket } from './basket-store.js'
import { type Product, page, picture, pounds, products } from './catalogue.js'
import { el, find } from './dom.js'
import { nearside } from './engine.js'
import { fillRows } from './rows.js'

export async function basketPage(): Promise<void> {
  const place = find('[data-basket]')!
  const goods = await products()

  const change = (product: Product, count: number) => {
    const before = readBasket()[product.id] ?? 0
    setInBasket(product.id, count)
    nearside().track(count > before ? 'add_to_cart' : 'remove_from_cart', {
      items: [{ item_id: product.id, price: product.price, quantity: Math.abs(count - before) }],
    })
    show()
    void fillRows()
  }

  const pay = () => {
    const items = Object.entries(readBasket()).map(([id, quantity]) => ({
      item_id: id,
      quantity,
      price: goods.get(id)?.price,
    }))
    nearside().track('purchase', { items })
    emptyBasket()
    place.replaceChildren(
      el(
        'p',
        { class: 'lead' },
        'Thank you! You paid nothing, because this is a demo. This device counts it as a purchase.',
      ),
      el('p', {}, el('a', { href: '/' }, 'Back to the shop')),
    )
    void fillRows()
  }

  const show = () => {
    const lines = Object.entries(readBasket()).flatMap(([id, count]) => {
      const product = goods.get(id)
      return product ? [{ product, count }] : []
    })
    if (lines.length === 0) {
      place.replaceChildren(
        el('p', { class: 'lead' }, 'Your basket is empty.'),
        el('p', {}, el('a', { href: '/' }, 'Look around')),
      )
      return
    }
    const total = lines.reduce((sum, { product, count }) => sum + product.price * count, 0)
    const paid = el('button', { class: 'button primary', type: 'button' }, 'Pretend to pay')
    paid.addEventListener('click', pay)
    place.replaceChildren(
      el('ul', { class: 'things' }, ...lines.map(({ product, count }) => line(product, count, change))),
      el('p', { class: 'total' }, el('span', {}, 'Total ', el('strong', {}, pounds(total))), paid),
    )
  }
  show()
  place.removeAttribute('aria-busy')
}

function line(
  product: Product,
  count: number,
  change: (product: Product, count: number) => void,
): HTMLLIElement {
  const button = (text: string, name: string, next: number) => {
    const made = el(
      'button',
      { class: 'button small', type: 'button', 'aria-label': `${name}: ${product.title}` },
      text,
    )
    made.addEventListener('click', () => change(product, next))
    return made
  }
  return el(
    'li',
    { class: 'thing' },
    el('img', { src: picture(product.id), width: 200, height: 240, alt: '' }),
    el(
      'span',
      { class: 'thing-text' },
      el('a', { href: page(product.id) }, product.title),
      el('span', { class: 'price' }, pounds(product.price)),
    ),
    el(
      'span',
      { class: 'thing-tools' },
      button('−', 'One less', count - 1),
      el('span', { class: 'quantity' }, String(count)),
      button('+', 'One more', count + 1),
      button('Remove', 'Remove', 0),
    ),
  )
}
