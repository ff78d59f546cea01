/** The question, asked once: two answers of the same size, and no answer is fine too. */
import { el } from './dom.js'
import { engine } from './engine.js'

export async function askForConsent(): Promise<void> {
  const nearside = await engine()
  let sheet: HTMLElement | undefined

  const update = () => {
    const asking = nearside.consent.state === 'unknown'
    document.body.classList.toggle('asking', asking)
    if (asking && !sheet) {
      sheet = question(
        () => nearside.consent.grant('personalization'),
        () => nearside.consent.deny(),
      )
      document.body.append(sheet)
    } else if (!asking) {
      sheet?.remove()
      sheet = undefined
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
      el('h2', { id: 'ask-title' }, 'May this device remember what you look at here?'),
      el(
        'p',
        {},
        'Then the lists suit you on the next page, too. It is kept in this browser, sent to nobody, and yours to see and erase. Until you decide, it is forgotten with every page.',
      ),
    ),
    el('div', { class: 'answers' }, answer('Yes, remember', yes), answer('No, learn nothing', no)),
  )
}
