/** A page where visitors switch parts of the ranking on and off, and see both lists side by side. */
import { EMPTY_CARD } from './cards.js'
import { html } from './html.js'
import { layout } from './layout.js'
import type { Shop } from './shop.js'

/** How many products each list orders. */
const CANDIDATES = 120
/** How many of them each list shows. */
const SHOWN = 12

const SWITCHES = [
  [
    'rules',
    'Rules',
    'At most two of a category, nothing over £10 before the rest, and one product that the shop wants third.',
  ],
  ['variety', 'Variety', 'Less of the same: neighbours in the list differ.'],
  ['reasons', 'Reasons', 'Why each product is where it is.'],
] as const

export function switchesPage(shop: Shop): string {
  const ids = shop.products.slice(0, CANDIDATES).map(({ id }) => id)
  const side = (name: string, title: string) => html`<section aria-labelledby="${name}-title">
    <h2 id="${name}-title">${title}</h2>
    <p class="note side-note" data-note="${name}" aria-live="polite"></p>
    <ol class="grid side" data-side="${name}">${Array.from({ length: SHOWN }, () => EMPTY_CARD)}</ol>
  </section>`
  const content = html`
<section class="band first">
  <h1>Switches</h1>
  <p class="lead">Both lists order the same ${CANDIDATES} best sellers for you, on this device. Open a few products first, then compare.</p>
  <div class="switches" role="group" aria-label="Switches">${SWITCHES.map(
    ([name, title, line]) =>
      html`<label><input type="checkbox" name="${name}"> <span><strong>${title}</strong> <span class="note">${line}</span></span></label>`,
  )}</div>
  <p class="said" role="status" data-said></p>
  <div class="sides" data-candidates="${ids.join(' ')}">${side('off', 'Switches off')}${side('on', 'With your switches')}</div>
</section>`
  return layout(shop, {
    title: 'Switches · Tuppence',
    description: 'Rules, variety and reasons, switched on and off side by side.',
    kind: 'switches',
    content,
  })
}
