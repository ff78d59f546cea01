/** The shop's list of all its products, downloaded when a page first needs it. */

export interface Product {
  id: string
  title: string
  /** Pounds sterling. */
  price: number
  category: string
}

/** As the build writes it: products in the order of their ids, from 1. */
interface File {
  categories: string[]
  products: [title: string, price: number, category: number][]
}

let loading: Promise<Map<string, Product>> | undefined

export function products(): Promise<Map<string, Product>> {
  loading ??= load()
  return loading
}

async function load(): Promise<Map<string, Product>> {
  const { catalogue } = document.documentElement.dataset
  const response = await fetch(catalogue!)
  if (!response.ok) throw new Error(`${catalogue}: ${response.status}`)
  const file = (await response.json()) as File
  return new Map(
    file.products.map(([title, price, category], index) => {
      const id = String(index + 1)
      return [id, { id, title, price, category: file.categories[category]! }]
    }),
  )
}

export const picture = (id: string) => `${document.documentElement.dataset.art}/${id}.svg`
export const page = (id: string) => `/p/${id}.html`
export const pounds = (price: number) => `£${price.toFixed(2)}`
