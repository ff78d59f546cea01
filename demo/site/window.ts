/**
 * The shop window on the front page. The SDK orders the list by itself if none of it has been on the screen
 * (`data-nearside-rank`). For a visitor who comes back the window is in the first screen, so this script moves it, once.
 * The visitor can compare: the shop's order and their own, how far each product has moved, and why.
 */
import type { Result } from '../../src/api.js'
import { basketIds } from './basket-store.js'
import { all, el, find, press } from './dom.js'
import { KNOWLEDGE, nearside } from './engine.js'
import { noteMoved } from './marks.js'
import { move, release, seen, watchUse } from './move.js'
import { isPersonal, words } from './reasons.js'

type Order = 'shop' | 'yours'

export async function windowList(): Promise<void> {
  const list = find<HTMLUListElement>('#window-list')!
  const group = find('#window .switch')!
  const buttons = {
    shop: find('[data-order=shop]', group)!,
    yours: find<HTMLButtonElement>('[data-order=yours]', group)!,
  }
  const cards = all('[data-nearside-item]', list).sort((a, b) => place(a) - place(b))
  const inUse = watchUse(list)
  showAll(list)

  let shown: Order = 'shop'
  /** The visitor pressed one of the two buttons. */
  let chosen = false
  let ranking: Result<HTMLElement> | undefined

  const show = async (order: Order, motion = true) => {
    shown = order
    press(group, buttons[order])
    const wanted = order === 'yours' && ranking ? ranking.items.map(({ item }) => item) : cards
    move(list, wanted, motion)
    await label(order === 'yours' ? ranking : undefined, cards)
    say(ranking, order)
  }

  const rank = async (): Promise<void> => {
    ranking = await nearside().rank(cards, {
      slot: 'home',
      key: (item) => item.dataset.nearsideItem,
      reasons: true,
      timeout: 4000,
    })
    buttons.yours.disabled = ranking.by !== 'device'
  }

  /** The device has an order of this visitor's own. */
  const known = () => ranking?.by === 'device' && ranking.items.some(isPersonal)

  for (const order of ['shop', 'yours'] as const) {
    buttons[order].addEventListener('click', async () => {
      chosen = true
      if (order === 'yours') await rank()
      void show(order)
    })
  }

  // The SDK writes what it did with the list into the list's attribute.
  await settled(list)
  await rank()
  // Where some products are on the screen, the SDK has ordered only the others.
  const unseen = list.dataset.nearsideBy === 'device' && !list.dataset.nearsideFixed
  const held = release()
  if (!known()) await show('shop', false)
  else if (unseen || held) await show('yours', false)
  else {
    say(ranking, 'shop')
    if (document.documentElement.dataset.visitor === 'back') {
      await seen()
      if (!chosen && !inUse()) {
        await show('yours')
        noteMoved()
      }
    }
  }

  document.addEventListener(KNOWLEDGE, async () => {
    await rank()
    void show(shown === 'yours' && known() ? 'yours' : 'shop')
  })
  // The Back button brings this page as it was. Meanwhile the visitor may have looked at something.
  addEventListener('pageshow', async ({ persisted }) => {
    if (!persisted) return
    await rank()
    void show(known() && !(chosen && shown === 'shop') ? 'yours' : 'shop')
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

/** Writes a reason under each card, and how far it has moved up. In the shop's order there is neither. */
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
    note.textContent = 'Best sellers, in the shop’s order.'
  } else if (!ranking.items.some(isPersonal)) {
    note.textContent = 'Best sellers: nothing known about you yet.'
  } else if (order === 'shop') {
    note.textContent = 'Best sellers, the same for everybody.'
  } else {
    const moved = ranking.items.filter(({ item, position }) => place(item) !== position).length
    note.textContent = `${moved} of ${ranking.items.length} moved for you, on this device.`
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
