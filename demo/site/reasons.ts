/** The device's reasons in plain words. */
import type { Explanation, Reason } from '../../worker/protocol.js'
import { type Product, products } from './catalogue.js'
import { find } from './dom.js'

/** Reasons that hold for every visitor alike. */
const COMMON: readonly Reason['code'][] = ['popular', 'new', 'shop']

/** Whether a product was chosen because of what this visitor did, and not only because many people buy it. */
export function isPersonal({ reasons = [] }: { reasons?: readonly Pick<Reason, 'code'>[] }): boolean {
  return reasons.some(({ code }) => !COMMON.includes(code))
}

/** The strongest reason. Empty if it is the shop's own order, or if nearside has not loaded and gives none. */
export async function words(
  reasons: readonly Reason[] = [],
  inBasket: ReadonlySet<string> = new Set(),
): Promise<string> {
  const [reason] = reasons
  if (!reason || reason.code === 'shop') return ''
  const product = reason.item ? (await products()).get(reason.item) : undefined
  return product ? sentence(reason, product, inBasket) : TEXTS[reason.code]
}

/** The product that this page is about. */
const here = () => find('[data-product]')?.dataset.product

/** A text for each code, where no product is named. A shop in another language has another table. */
const TEXTS: Record<Reason['code'], string> = {
  'seen-with': 'Often bought with what you looked at',
  similar: 'Like what you looked at',
  again: 'You looked at this before',
  visit: 'Fits what you look at today',
  taste: 'Like what you chose before',
  asked: 'Fits your search',
  new: 'New here',
  popular: 'Popular here',
  shop: '',
}

function sentence({ code, item }: Reason, { title }: Product, inBasket: ReadonlySet<string>): string {
  if (item === here() && code !== 'taste')
    return code === 'seen-with' ? 'Often bought with this' : 'Much like this'
  if (code === 'taste') return `Like what you chose before, such as “${title}”`
  if (item && inBasket.has(item)) return `Goes with “${title}” in your basket`
  if (code === 'seen-with') return `Often bought with “${title}”`
  return `Because you looked at “${title}”`
}

export const PARTS: Record<Explanation['parts'][number]['part'], string> = {
  session: 'This visit',
  neighbours: 'Often bought together',
  profile: 'Earlier visits',
  repeat: 'Seen before',
}
