/** "Less like this": the product goes, the others close the gap, and "Undo" brings it back. */
import { el, find } from './dom.js'
import { nearside } from './engine.js'
import { move } from './move.js'

/** A button for a card of a list. */
export function lessButton(title: string): HTMLButtonElement {
  return el(
    'button',
    { class: 'less', type: 'button', 'data-less-like': true, 'aria-label': `Less like “${title}”` },
    '×',
  )
}

interface Gone {
  list: HTMLElement
  card: HTMLElement
  /** The list's cards before. */
  before: HTMLElement[]
}

/**
 * @param list whose cards have such buttons
 * @param said where the page says what happened
 * @param changed is called after the device was told; it may show another product in the last place
 */
export function watchLess(list: HTMLElement, said: HTMLElement, changed: (undone: boolean) => unknown): void {
  list.addEventListener('click', (event) => {
    const card = (event.target as Element)
      .closest('[data-less-like]')
      ?.closest<HTMLElement>('[data-nearside-item]')
    if (!card) return
    const gone: Gone = { list, card, before: [...list.children] as HTMLElement[] }
    tell('less_like_this', card)
    // The next card takes the place of the one that goes, and the focus with it.
    const next = card.nextElementSibling ?? card.previousElementSibling
    card.remove()
    move(
      list,
      gone.before.filter((other) => other !== card),
    )
    find('[data-less-like]', next ?? list)?.focus()
    const undo = el('button', { class: 'link', type: 'button', 'data-undo': true }, 'Undo')
    undo.addEventListener('click', () => {
      tell('undo_less_like_this', card)
      // What has come into the last place goes again.
      for (const other of [...list.children]) if (!gone.before.includes(other as HTMLElement)) other.remove()
      move(list, gone.before)
      said.textContent = `“${titleOf(card)}” is back.`
      find('[data-less-like]', card)?.focus()
      changed(true)
    })
    said.replaceChildren(`You will see less like “${titleOf(card)}”. `, undo)
    changed(false)
  })
}

function tell(name: 'less_like_this' | 'undo_less_like_this', { dataset }: HTMLElement): void {
  nearside().track(name, { items: [{ item_id: dataset.nearsideItem! }] })
}

const titleOf = (card: HTMLElement) => find('.card-title', card)!.textContent
