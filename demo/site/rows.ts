/**
 * Rows that the device fills: picked for you, similar products, what goes with the basket. Their empty places are part of
 * the page, so nothing moves. Without an answer from the device, a row shows the shop's own suggestions.
 */
import type { Result } from '../../src/api.js'
import { basketIds } from './basket-store.js'
import { card } from './cards.js'
import { products } from './catalogue.js'
import { all, find } from './dom.js'
import { nearside } from './engine.js'
import { lessButton, watchLess } from './less.js'
import { noteSuggestions } from './marks.js'
import { isPersonal, words } from './reasons.js'

/** Milliseconds from the page's start. A first visit has to download the pack, and nothing else waits for a row. */
const PATIENCE = 4000

const timeout = () => Math.max(500, PATIENCE - performance.now())

const COUNT = 6

type Ask = (slot: string, shown: readonly string[]) => Promise<Result<string>>

function asks(): Record<string, Ask> {
  const here = find('[data-product]')?.dataset.product
  const basket = basketIds()
  return {
    picks: (slot, shown) =>
      nearside().recommend({
        limit: COUNT,
        timeout: timeout(),
        slot,
        exclude: [...basket, ...shown, ...inWindow(), ...(here ? [here] : [])],
      }),
    similar: (slot) => nearside().similar(here!, { limit: COUNT, timeout: timeout(), slot }),
    basket: (slot) =>
      nearside().recommend({ limit: COUNT, timeout: timeout(), slot, seeds: basket, exclude: basket }),
  }
}

/** Products that the shop window shows already. */
function inWindow(): string[] {
  return all('#window-list > [data-nearside-item]').map((card) => card.dataset.nearsideItem!)
}

interface Heading {
  title: string
  note: string
}

const POPULAR: Heading = { title: 'Also popular', note: 'What many people buy here.' }

/** A row is called after the visitor only if most of it was chosen for the visitor. */
const HEADINGS: Record<string, Heading> = {
  picks: { title: 'Picked for you', note: 'Chosen from 3,000 products, on this device.' },
  basket: { title: 'Goes with your basket', note: 'Often bought together with these products.' },
}

/** One after the other, so that no product is shown in two rows. */
export async function fillRows(): Promise<void> {
  const ask = asks()
  const shown: string[] = []
  for (const row of all<HTMLUListElement>('[data-row]'))
    shown.push(...(await fill(row, ask[row.dataset.row!]!, shown)))
}

/** @returns the ids it shows */
async function fill(row: HTMLUListElement, ask: Ask, shown: readonly string[]): Promise<string[]> {
  const slot = row.dataset.row!
  const empty = slot === 'basket' && basketIds().length === 0
  const answer = empty ? undefined : await ask(slot, shown)
  const goods = await products()
  const inBasket = new Set(basketIds())
  const chosen = (answer?.items ?? []).filter(({ id }) => goods.has(id))
  const cards = await Promise.all(
    chosen.map(async ({ id, reasons }) => {
      const made = card(goods.get(id)!, await words(reasons, inBasket))
      if (slot === 'picks') made.append(lessButton(goods.get(id)!.title))
      return made
    }),
  )
  const personal = chosen.filter(isPersonal).length * 2 > COUNT
  // The shop's own suggestions fill the places that are left.
  const taken = new Set([...chosen.map(({ id }) => id), ...inBasket, ...shown])
  for (const id of row.dataset.fallback!.split(' ')) {
    if (cards.length < COUNT && !taken.has(id)) cards.push(card(goods.get(id)!, ''))
  }
  row.replaceChildren(...cards)
  row.removeAttribute('aria-busy')
  row.dataset.by = chosen.length > 0 ? 'device' : 'server'
  if (HEADINGS[slot]) head(slot, personal ? HEADINGS[slot] : POPULAR)
  // Only the picks come from what the device knows; the other rows are about a product or the basket.
  if (slot === 'picks' && answer?.by === 'device') noteSuggestions(personal)
  return cards.map((item) => item.dataset.nearsideItem!)
}

function head(slot: string, { title, note }: Heading): void {
  find(`[data-row-title="${slot}"]`)!.textContent = title
  find(`[data-row-note="${slot}"]`)!.textContent = note
}

/** "Less like this" in the picks: the gap closes, and another product comes into the last place. */
export function watchPicks(): void {
  const row = find('[data-row=picks]')
  const said = find('[data-row-said=picks]')
  if (!row || !said) return
  watchLess(row, said, async (undone) => {
    const shown = all('[data-nearside-item]', row).map(({ dataset }) => dataset.nearsideItem!)
    if (undone) return
    const { items } = await asks().picks!('picks', shown)
    const goods = await products()
    const next = items.find(({ id }) => goods.has(id) && !shown.includes(id))
    if (!next || row.children.length >= COUNT) return
    const made = card(goods.get(next.id)!, await words(next.reasons))
    made.append(lessButton(goods.get(next.id)!.title))
    row.append(made)
  })
}

/** Clicks in these rows. The SDK tracks clicks only in the lists that it ranks itself. */
export function trackRows(): void {
  document.addEventListener('click', (event) => {
    const item = (event.target as Element).closest<HTMLElement>('[data-row] [data-nearside-item]')
    if (!item || !(event.target as Element).closest('a')) return
    const slot = item.closest<HTMLElement>('[data-row]')!.dataset.row
    nearside().track('select_item', { slot, items: [{ item_id: item.dataset.nearsideItem! }] })
  })
}
