/** The shop's basket in this browser: ids, and how many of each. */

const KEY = 'tuppence:basket'

export type Basket = Record<string, number>

/** Empty if nothing is stored, or if nothing can be. */
export function readBasket(): Basket {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}')
    if (typeof kept !== 'object' || kept === null) return {}
    return Object.fromEntries(
      Object.entries(kept).filter(([, count]) => Number.isInteger(count) && count > 0 && count < 100),
    )
  } catch {
    return {}
  }
}

export const basketIds = (): string[] => Object.keys(readBasket())

export function setInBasket(id: string, count: number): void {
  const basket = readBasket()
  if (count > 0) basket[id] = count
  else delete basket[id]
  keep(basket)
}

export function emptyBasket(): void {
  keep({})
}

function keep(basket: Basket): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(basket))
  } catch {
    // Storage is full or blocked.
  }
  showCount()
}

/** The number beside the basket in the header. */
export function showCount(): void {
  const count = Object.values(readBasket()).reduce((sum, each) => sum + each, 0)
  for (const badge of document.querySelectorAll('[data-basket-count]'))
    badge.textContent = count ? String(count) : ''
}
