/** The columns of a catalogue that go into a pack. */
import type { Catalogue } from '../data/catalogue.js'
import type { FactColumns } from './content.js'

export function factsOf({ title, category, brand, image, url, price, available }: Catalogue): FactColumns {
  const columns = { title, category, brand, image, url, price, available }
  return Object.fromEntries(Object.entries(columns).filter(([, column]) => column !== undefined))
}
