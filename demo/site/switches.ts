/** The page "Switches": the same products in two orders, with and without rules, variety and reasons. */
import type { RankOptions, Rule } from '../../src/api.js'
import { basketIds } from './basket-store.js'
import { card } from './cards.js'
import { type Product, products } from './catalogue.js'
import { all, find } from './dom.js'
import { nearside } from './engine.js'
import { lessButton, watchLess } from './less.js'
import { move } from './move.js'
import { type isPersonal, words } from './reasons.js'

const SHOWN = 12
/** The product that the shop wants third. */
const DEAL = '12'

const RULES: readonly Rule[] = [
  { name: 'at most two of a category', kind: 'cap', by: 'category', most: 2, within: SHOWN },
  { name: 'nothing over £10', kind: 'bury', where: { attribute: 'price', above: 10 } },
  { name: 'deal of the day', kind: 'pin', position: 2, where: { ids: [DEAL] } },
]

type Settings = Pick<RankOptions<Product>, 'rules' | 'reasons'> & { variety?: boolean }

export async function switchesPage(): Promise<void> {
  const goods = await products()
  const candidates = find('[data-candidates]')!
    .dataset.candidates!.split(' ')
    .flatMap((id) => goods.get(id) ?? [])
  const boxes = all<HTMLInputElement>('.switches input')
  const on = (name: string) => boxes.some((box) => box.name === name && box.checked)

  const draw = async (side: 'off' | 'on', settings: Settings) => {
    const list = find(`[data-side=${side}]`)!
    const { items, by } = await nearside().rank(candidates, {
      slot: `switches-${side}`,
      timeout: 4000,
      ...settings,
    })
    const inBasket = new Set(basketIds())
    const known = new Map(
      all<HTMLLIElement>('[data-nearside-item]', list).map((one) => [one.dataset.nearsideItem, one]),
    )
    const cards = await Promise.all(
      items.slice(0, SHOWN).map(async ({ item, reasons }) => {
        const shown = known.get(item.id) ?? card(item, '')
        if (!find('[data-less-like]', shown)) shown.append(lessButton(item.title))
        find('.why', shown)!.textContent = settings.reasons ? await words(reasons, inBasket) : ''
        return shown
      }),
    )
    if (known.size === 0) list.replaceChildren(...cards)
    else {
      for (const old of known.values()) if (!cards.includes(old)) old.remove()
      move(list, cards)
    }
    find(`[data-note=${side}]`)!.textContent =
      by === 'server' ? 'The shop’s order: no answer from this device.' : noteOf(items.slice(0, SHOWN))
    return { items, by }
  }

  const drawOn = async () => {
    await draw('on', {
      ...(on('rules') && { rules: RULES }),
      ...(on('variety') && { variety: true }),
      reasons: on('reasons'),
    })
    if (on('reasons')) await explainFirst()
  }
  const drawBoth = () => Promise.all([draw('off', {}), drawOn()])

  /** The first product, and where it would be without what the visitor did with one other. */
  async function explainFirst(): Promise<void> {
    const first = find('[data-side=on] [data-nearside-item]')?.dataset.nearsideItem
    const answer = first && (await nearside().explain(first, { timeout: 4000 }))
    if (!answer || 'why' in answer) return
    const cause = answer.because.find(({ item, without }) => item !== first && without)
    const title = cause && goods.get(cause.item)?.title
    if (title)
      find('[data-note=on]')!.textContent +=
        ` Without your look at “${title}” the first would be number ${cause.without! + 1}.`
  }

  for (const box of boxes) box.addEventListener('change', drawOn)
  for (const list of all('[data-side]')) watchLess(list, find('[data-said]')!, drawBoth)
  await drawBoth()
}

function noteOf(
  items: readonly { item: Product; reasons?: Parameters<typeof isPersonal>[0]['reasons'] }[],
): string {
  const shelves = new Set(items.map(({ item }) => item.category))
  return `${items.length} products of ${shelves.size} categories.`
}
