/** What every page is made from: the products with their categories, and the names of the built files. */
import { CATEGORIES, type Category, categoryOf } from '../shop/categories.js'
import type { Item } from '../shop/data.js'

export interface Product extends Item {
  category: Category
}

export interface Shop {
  /** In the shop's order: the most bought first. */
  products: Product[]
  /** In the log that the pack is trained on. */
  baskets: number
  /** Paths of built files, with their content's hash in the name. */
  assets: { script: string; early: string; style: string; catalogue: string; art: string; signs: string }
  /** The inline script before the SDK's tag. It keeps calls that the page makes before the SDK has loaded. */
  stub: string
}

const bySlug = new Map(CATEGORIES.map((category) => [category.slug, category]))

export function products(items: readonly Item[]): Product[] {
  return items.map((item) => ({ ...item, category: bySlug.get(categoryOf(item.title))! }))
}

export function inCategory(shop: Shop, category: Category): Product[] {
  return shop.products.filter((product) => product.category === category)
}

export const price = (pounds: number) => `£${pounds.toFixed(2)}`
