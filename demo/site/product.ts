/** A product's page. It tells the device about the visit, and asks it why it would suggest the product. */
import { readBasket, setInBasket } from './basket-store.js'
import { products } from './catalogue.js'
import { el, find } from './dom.js'
import { nearside } from './engine.js'
import { PARTS } from './reasons.js'

export function productPage(): void {
  const article = find('[data-product]')!
  const id = article.dataset.product!
  const item = { item_id: id, price: Number(article.dataset.price) }
  const said = find('[data-said]')!
  nearside().track('view_item', { items: [item] })

  find('[data-add]')!.addEventListener('click', () => {
    const count = (readBasket()[id] ?? 0) + 1
    setInBasket(id, count)
    nearside().track('add_to_cart', { items: [{ ...item, quantity: 1 }] })
    said.replaceChildren(
      `In your basket${count > 1 ? `, ${count} of them` : ''}. `,
      el('a', { href: '/basket.html' }, 'See what goes with it'),
    )
  })

  const less = find<HTMLButtonElement>('[data-less]')!
  less.addEventListener('click', () => {
    const on = less.getAttribute('aria-pressed') !== 'true'
    less.setAttribute('aria-pressed', String(on))
    nearside().track(on ? 'less_like_this' : 'undo_less_like_this', { items: [item] })
    said.textContent = on
      ? 'This device will show you fewer products like this.'
      : 'Taken back. This product counts as before.'
  })

  const details = find<HTMLDetailsElement>('.explain')!
  details.addEventListener('toggle', () => {
    if (details.open) void explain(id, find('[data-explain]')!)
  })
}

async function explain(id: string, place: HTMLElement): Promise<void> {
  const answer = await nearside().explain(id, { timeout: 4000 })
  if (!answer || 'why' in answer) {
    const why =
      answer?.why === 'denied'
        ? 'You said no, so this device knows nothing about you.'
        : 'This device has no answer just now.'
    place.replaceChildren(el('p', {}, why))
    return
  }
  const goods = await products()
  const shares = answer.parts.filter(({ share }) => share >= 0.005).sort((a, b) => b.share - a.share)
  const bars = shares.map(({ part, share }) =>
    el(
      'p',
      { class: 'bar' },
      el('span', {}, PARTS[part]),
      el('progress', { max: 1, value: share.toFixed(3), 'aria-label': PARTS[part] }),
      el('span', {}, `${Math.round(share * 100)} %`),
    ),
  )
  const because = [...new Set(answer.because.map(({ item }) => item))].flatMap((item) => {
    const title = goods.get(item)?.title
    return title && item !== id ? [`“${title}”`] : []
  })
  const bought = answer.facts?.popularity
  place.replaceChildren(
    ...(bars.length > 0 ? bars : [el('p', {}, 'Nothing yet: this device does not know enough about you.')]),
    ...(because.length > 0
      ? [el('p', {}, `Because of what you did with ${because.slice(0, 3).join(', ')}.`)]
      : []),
    ...(bought
      ? [
          el(
            'p',
            { class: 'note' },
            `About ${bought.toLocaleString('en-GB')} of the baskets that the pack was made from have it.`,
          ),
        ]
      : []),
  )
}
