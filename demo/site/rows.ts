/**
 * Rows that the device fills: picked for you, similar, often in the same basket, goes with your basket. Their places
 * have been on the page from the start. Where the device has no answer the shop's own suggestion stands in.
 */
import type { Result } from '../../src/api.js'
import { basketIds } from './basket-store.js'
import { card } from './cards.js'
import { products } from './catalogue.js'
import { all, find } from './dom.js'
import { nearside } from './engine.js'
import { words } from './reasons.js'

/** Milliseconds from the page's start. A first visit has the pack to load, and nobody's picture waits for a row. */
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

/** What stands in the window anyhow: the picks are for what does not. */
function inWindow(): string[] {
  return all('#window-list > [data-nearside-item]').map((card) => card.dataset.nearsideItem!)
}

const NOTES: Record<string, Record<'device' | 'server', string>> = {
  picks: {
    device: 'Chosen from 3,000 things, on this device.',
    server: 'Nothing chosen: these are the shop’s own suggestions.',
  },
  basket: {
    device: 'What others have taken with these things, worked out on this device.',
    server: 'The shop’s own suggestions, for now.',
  },
}

/** One after the other: what one row shows, the next need not. */
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
    chosen.map(async ({ id, reasons }) => card(goods.get(id)!, await words(reasons, inBasket))),
  )
  const by = cards.length > 0 ? 'device' : 'server'
  // The shop's own fill what is left, so that the row is as long as its places.
  const taken = new Set([...chosen.map(({ id }) => id), ...inBasket, ...shown])
  for (const id of row.dataset.fallback!.split(' ')) {
    if (cards.length < COUNT && !taken.has(id)) cards.push(card(goods.get(id)!, ''))
  }
  row.replaceChildren(...cards)
  row.removeAttribute('aria-busy')
  row.dataset.by = by
  const note = find(`[data-row-note="${slot}"]`)
  if (note) note.textContent = NOTES[slot]![by]
  return cards.map((item) => item.dataset.nearsideItem!)
}

/** Clicks in these rows; the SDK tracks those in the lists that it ranks itself. */
export function trackRows(): void {
  document.addEventListener('click', (event) => {
    const item = (event.target as Element).closest<HTMLElement>('[data-row] [data-nearside-item]')
    if (!item || !(event.target as Element).closest('a')) return
    const slot = item.closest<HTMLElement>('[data-row]')!.dataset.row
    nearside().track('select_item', { slot, items: [{ item_id: item.dataset.nearsideItem! }] })
  })
}
