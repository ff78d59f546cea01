/** The device's reasons in a visitor's words. */
import type { Explanation, Reason } from '../../worker/protocol.js'
import { type Product, products } from './catalogue.js'
import { find } from './dom.js'

/** The strongest reason; nothing where the shop's own order is the reason. */
export async function words(
  reasons: readonly Reason[],
  inBasket: ReadonlySet<string> = new Set(),
): Promise<string> {
  const [reason] = reasons
  if (!reason || reason.code === 'shop') return ''
  if (reason.code === 'popular') return 'Popular here'
  if (reason.code === 'again') return 'You have looked at this before'
  const product = reason.item ? (await products()).get(reason.item) : undefined
  return product ? sentence(reason, product, inBasket) : unnamed[reason.code]
}

/** The product that this page is about. */
const here = find('[data-product]')?.dataset.product

const unnamed = {
  'seen-with': 'Often together with what you looked at',
  similar: 'Like what you looked at',
  taste: 'Fits what you liked before',
} as const

function sentence({ code, item }: Reason, { title }: Product, inBasket: ReadonlySet<string>): string {
  if (item === here && code !== 'taste')
    return code === 'seen-with' ? 'Often together with this' : 'Much like this'
  if (code === 'taste') return `Fits what you liked before, such as “${title}”`
  if (item && inBasket.has(item)) return `Goes with “${title}” in your basket`
  if (code === 'seen-with') return `Often together with “${title}”`
  return `Because you looked at “${title}”`
}

export const PARTS: Record<Explanation['parts'][number]['part'], string> = {
  session: 'This visit',
  neighbours: 'Often together',
  profile: 'Earlier visits',
  repeat: 'Seen before',
}
