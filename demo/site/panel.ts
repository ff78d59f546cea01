/** The panel "What this device knows": everything the device holds, in plain words, with a button to forget each. */
import type { Nearside } from '../../src/api.js'
import { all, el, find, nextPlace, press } from './dom.js'
import { engine, KNOWLEDGE, lastRanked } from './engine.js'
import { figures, interests, knownThings, packFacts } from './panel-parts.js'

export function panel(): void {
  let drawer: HTMLDialogElement | undefined
  document.addEventListener('click', async (event) => {
    if (!(event.target as Element).closest('[data-open-panel]')) return
    drawer ??= build()
    drawer.showModal()
    const late = setTimeout(
      tell,
      3000,
      drawer,
      'nearside did not load. The shop works without it, and this device knows nothing about you.',
    )
    await refresh(drawer)
    clearTimeout(late)
  })
}

function build(): HTMLDialogElement {
  const close = el('button', { class: 'drawer-close', type: 'button', 'aria-label': 'Close' }, cross())
  const choice = (state: string, text: string) =>
    el('button', { type: 'button', 'data-consent': state, 'aria-pressed': 'false' }, text)
  const take = el('button', { class: 'button', type: 'button' }, 'Export my data')
  const erase = el('button', { class: 'button', type: 'button' }, 'Erase everything')
  const drawer = el(
    'dialog',
    { class: 'drawer', 'aria-labelledby': 'drawer-title' },
    el('div', { class: 'drawer-head' }, el('h2', { id: 'drawer-title' }, 'What this device knows'), close),
    el('section', { 'data-part': 'figures' }),
    el(
      'section',
      {},
      el('h3', {}, 'May it remember?'),
      el(
        'div',
        { class: 'switch', role: 'group', 'aria-label': 'May it remember?' },
        choice('granted', 'Yes, remember'),
        choice('denied', 'No, learn nothing'),
      ),
      el('p', { class: 'note', 'data-part': 'consent', 'aria-live': 'polite' }),
    ),
    el('section', { 'data-part': 'interests' }),
    el('section', { 'data-part': 'things' }),
    el(
      'section',
      {},
      el('h3', {}, 'Save or erase'),
      el('p', { class: 'actions' }, take, erase),
      el('p', { class: 'said', role: 'status', 'data-part': 'said' }),
    ),
    el('section', { 'data-part': 'pack' }),
  )
  document.body.append(drawer)

  close.addEventListener('click', () => drawer.close())
  // A click next to the panel is a click on the dialog's backdrop, and its target is the dialog itself.
  drawer.addEventListener('click', (event) => {
    if (event.target === drawer && event.clientX < drawer.getBoundingClientRect().left) drawer.close()
  })
  drawer.addEventListener('click', async (event) => {
    const button = (event.target as Element).closest<HTMLButtonElement>('[data-consent], [data-forget]')
    if (!button) return
    const nearside = await engine()
    if (button.dataset.consent === 'granted') nearside.consent.grant('personalization')
    else if (button.dataset.consent === 'denied') nearside.consent.deny()
    else if (await nearside.forget({ item: button.dataset.forget! }))
      tell(drawer, `Forgotten: ${button.dataset.title}.`)
    await changed(drawer)
  })
  take.addEventListener('click', async () => {
    const data = await (await engine()).export()
    if (!data) return tell(drawer, 'This device has no answer just now.')
    save(JSON.stringify(data, null, 2))
    tell(drawer, 'Saved as nearside.json.')
  })
  erase.addEventListener('click', async () => {
    const done = await (await engine()).forget()
    tell(
      drawer,
      done ? 'Erased. This device knows nothing about you any more.' : 'This device has no answer just now.',
    )
    await changed(drawer)
  })
  void engine().then((nearside) => {
    const again = () => {
      if (drawer.open) void refresh(drawer)
    }
    nearside.on('consent', again)
    nearside.on('ready', again)
    nearside.on('forgotten', again)
  })
  return drawer
}

async function changed(drawer: HTMLElement): Promise<void> {
  await refresh(drawer)
  document.dispatchEvent(new Event(KNOWLEDGE))
}

async function refresh(drawer: HTMLElement): Promise<void> {
  const nearside = await engine()
  const [data, status, estimate] = await Promise.all([nearside.export(), nearside.status(), used()])
  const parts: Record<string, readonly (Node | string)[]> = {
    figures: [figures(data, lastRanked())],
    consent: [explainConsent(nearside)],
    interests: await interests(data),
    things: await knownThings(data),
    pack: packFacts(status, estimate),
  }
  const focus = keepPlace(drawer)
  for (const [name, content] of Object.entries(parts))
    find(`[data-part=${name}]`, drawer)!.replaceChildren(...content)
  focus()
  const group = find('.switch', drawer)!
  press(
    group,
    all(`[data-consent]`, group).find((button) => button.dataset.consent === nearside.consent.state) ?? null,
  )
}

/**
 * The list of things is made again after each change. The keyboard and the scroll position stay at the same row, or, when
 * that row is gone, at the row that takes its place.
 * @returns a function for after the change
 */
function keepPlace(drawer: HTMLElement): () => void {
  const focused = document.activeElement
  const row = focused?.closest<HTMLElement>('[data-thing]')
  const selector = focused?.matches('a') ? 'a' : '[data-forget]'
  const rows = all('[data-thing]', drawer)
  const scrolled = find('.things', drawer)?.scrollTop ?? 0
  return () => {
    const list = find('.things', drawer)
    if (list) list.scrollTop = scrolled
    if (!row) return
    const now = all('[data-thing]', drawer).map(({ dataset }) => dataset.thing!)
    const at = nextPlace(row.dataset.thing!, rows.indexOf(row), now)
    const next = at >= 0 && find(selector, all('[data-thing]', drawer)[at])
    ;(next || find('[data-part=things] h3', drawer)!).focus()
  }
}

function explainConsent(nearside: Nearside): string {
  switch (nearside.consent.state) {
    case 'granted':
      return 'You said yes. What you do here is kept in this browser, for at most 180 days.'
    case 'denied':
      return 'You said no. Nothing is kept and nothing is learned. You see the shop’s own order.'
    case 'unknown':
      return 'You have not decided. This page works from memory, stores nothing, and forgets everything when you leave it.'
  }
}

/** Bytes that this shop stores in the browser. */
async function used(): Promise<number | undefined> {
  try {
    return (await navigator.storage.estimate()).usage
  } catch {
    return undefined
  }
}

function tell(drawer: HTMLElement, text: string): void {
  find('[data-part=said]', drawer)!.textContent = text
}

function save(text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  el('a', { href: url, download: 'nearside.json' }).click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}

function cross(): SVGSVGElement {
  const space = 'http://www.w3.org/2000/svg'
  const svg = document.createElementNS(space, 'svg')
  svg.setAttribute('class', 'icon')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('width', '22')
  svg.setAttribute('aria-hidden', 'true')
  const path = document.createElementNS(space, 'path')
  path.setAttribute('d', 'm5 5 14 14M19 5 5 19')
  svg.append(path)
  return svg
}
