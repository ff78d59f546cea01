/** The question, asked once. Both answers have the same size, and the shop works without an answer, too. */
import { el, find } from './dom.js'
import { engine } from './engine.js'
import { keepMarks } from './marks.js'

export async function askForConsent(): Promise<void> {
  const nearside = await engine()
  let sheet: HTMLElement | undefined

  const update = () => {
    const { state } = nearside.consent
    document.documentElement.dataset.consent = state
    keepMarks()
    if (state === 'unknown' && !sheet) {
      sheet = question(
        () => nearside.consent.grant('personalization'),
        () => nearside.consent.deny(),
      )
      // Right after the skip link: whoever uses the keyboard meets the question first, and can skip it.
      find('.skip')!.after(sheet)
    } else if (state !== 'unknown' && sheet) {
      const focused = sheet.contains(document.activeElement)
      sheet.remove()
      sheet = undefined
      // The button that was pressed is gone. The keyboard goes on at the page's content.
      if (focused) find('main')!.focus({ preventScroll: true })
    }
  }
  nearside.on('consent', update)
  update()
}

function question(yes: () => void, no: () => void): HTMLElement {
  const answer = (text: string, act: () => void) => {
    const button = el('button', { class: 'button', type: 'button' }, text)
    button.addEventListener('click', act)
    return button
  }
  return el(
    'section',
    { class: 'ask', 'aria-labelledby': 'ask-title' },
    el(
      'div',
      {},
      el('h2', { id: 'ask-title' }, 'May this device remember what you look at?'),
      el(
        'p',
        {},
        'Then lists are in your order on the next page, too. It stays in this browser.',
        el(
          'span',
          { class: 'wide' },
          ' You can see and erase it at any time. Without a yes, each page forgets.',
        ),
      ),
    ),
    el('div', { class: 'answers' }, answer('Yes, remember', yes), answer('No, learn nothing', no)),
  )
}
