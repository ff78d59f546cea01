/** The device's reasons in plain words. */
import type { Explanation, Reason } from '../../worker/protocol.js'
import { type Product, products } from './catalogue.js'
import { find } from './dom.js'

/** Reasons that hold for every visitor alike. */
const COMMON: readonly Reason['code'][] = ['popular', 'shop']

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
  if (reason.code === 'popular') return 'Popular here'
  if (reason.code === 'again') return 'You looked at this before'
  const product = reason.item ? (await products()).get(reason.item) : undefined
  return product ? sentence(reason, product, inBasket) : unnamed[reason.code]
}

/** The product that this page is about. */
const here = () => find('[data-product]')?.dataset.product

const unnamed = {
  'seen-with': 'Often bought with what you looked at',
  similar: 'Like what you looked at',
  taste: 'Like what you chose before',
} as const

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
