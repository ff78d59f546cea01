/**
 * The window of the front page. The SDK has put the list in order by itself, before any of it was on the screen
 * (`data-nearside-rank`); here the visitor may compare: the shop's order, their own, how far each thing has moved, and
 * why.
 */
import type { Result } from '../../src/api.js'
import { basketIds } from './basket-store.js'
import { all, el, find, press } from './dom.js'
import { KNOWLEDGE, nearside } from './engine.js'
import { words } from './reasons.js'

type Order = 'shop' | 'yours'

export async function windowList(): Promise<void> {
  const list = find<HTMLUListElement>('#window-list')!
  const group = find('#window .switch')!
  const buttons = {
    shop: find('[data-order=shop]', group)!,
    yours: find<HTMLButtonElement>('[data-order=yours]', group)!,
  }
  const cards = all('[data-nearside-item]', list).sort((a, b) => place(a) - place(b))
  showAll(list)

  let shown: Order | undefined
  let ranking: Result<HTMLElement> | undefined

  const show = async (order: Order) => {
    shown = order
    press(group, buttons[order])
    const wanted = order === 'yours' && ranking ? ranking.items.map(({ item }) => item) : cards
    move(list, wanted)
    await label(order === 'yours' ? ranking : undefined, cards)
    say(ranking, order)
  }

  const rank = async (): Promise<void> => {
    ranking = await nearside().rank(cards, {
      slot: 'home',
      key: (item) => item.dataset.nearsideItem,
      timeout: 4000,
    })
    buttons.yours.disabled = ranking.by !== 'device'
  }

  for (const order of ['shop', 'yours'] as const) {
    buttons[order].addEventListener('click', async () => {
      if (order === 'yours') await rank()
      void show(order)
    })
  }

  // What the SDK has made of the list, once, stands in its attribute.
  await settled(list)
  await rank()
  if (list.dataset.nearsideBy === 'device' && ranking?.by === 'device') {
    shown = 'yours'
    press(group, buttons.yours)
    await label(ranking, cards)
  }
  say(ranking, shown ?? 'shop')

  document.addEventListener(KNOWLEDGE, async () => {
    await rank()
    void show(shown === 'yours' && ranking?.by === 'device' ? 'yours' : 'shop')
  })
}

const place = (card: HTMLElement) => Number(card.dataset.place)

function settled(list: HTMLElement): Promise<void> {
  return new Promise((resolve) => {
    if (list.dataset.nearsideBy) return resolve()
    const observer = new MutationObserver(() => {
      observer.disconnect()
      resolve()
    })
    observer.observe(list, { attributes: true, attributeFilter: ['data-nearside-by'] })
  })
}

/** Reasons under the cards and how far each has come; none of either in the shop's order. */
async function label(ranking: Result<HTMLElement> | undefined, cards: readonly HTMLElement[]): Promise<void> {
  const inBasket = new Set(basketIds())
  for (const old of all('.moved', cards[0]!.parentElement!)) old.remove()
  if (!ranking) {
    for (const card of cards) find('.why', card)!.textContent = ''
    return
  }
  for (const { item, position, reasons } of ranking.items) {
    const up = place(item) - position
    find('.why', item)!.textContent = await words(reasons, inBasket)
    if (up > 0)
      item.prepend(el('span', { class: 'moved', title: `${up} places up from the shop’s order` }, `▲ ${up}`))
  }
}

function say(ranking: Result<HTMLElement> | undefined, order: Order): void {
  const note = find('[data-window-note]')!
  if (ranking?.by !== 'device') {
    note.textContent = 'The shop’s best sellers, in the shop’s order.'
  } else if (order === 'shop') {
    note.textContent = 'The shop’s best sellers, the same for everybody.'
  } else {
    const moved = ranking.items.filter(({ item, position }) => place(item) !== position).length
    note.textContent =
      moved > 0
        ? `${moved} of ${ranking.items.length} have moved, for you and on this device.`
        : 'Nothing has moved yet: the device knows too little of you.'
  }
}

/** Puts the cards in order; where motion is welcome, each travels from where it was. */
function move(list: HTMLElement, wanted: readonly HTMLElement[]): void {
  const before = new Map(wanted.map((card) => [card, card.getBoundingClientRect()]))
  list.append(...wanted)
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) return
  for (const card of wanted) {
    const [from, to] = [before.get(card)!, card.getBoundingClientRect()]
    if (!to.width || to.top > innerHeight + 400 || to.bottom < -400) continue
    const start = from.width
      ? { transform: `translate(${from.left - to.left}px, ${from.top - to.top}px)` }
      : { opacity: 0, transform: 'scale(0.9)' }
    card.animate([start, { opacity: 1, transform: 'none' }], {
      duration: 420,
      easing: 'cubic-bezier(0.2, 0.7, 0.2, 1)',
    })
  }
}

function showAll(list: HTMLElement): void {
  const button = find<HTMLButtonElement>('[data-more]')!
  button.addEventListener('click', () => {
    const whole = list.classList.toggle('whole')
    button.setAttribute('aria-expanded', String(whole))
    button.textContent = whole ? 'Show fewer' : `Show all ${list.children.length}`
  })
}
