/**
 * What counts as an item's id, the same in every call. Shops have ids as texts, numbers and big integers. Anything else is
 * not an id. Texts that the engine would refuse are not ids either: more than 256 characters, or control characters such
 * as line breaks.
 *
 * @returns the id as text, or '' if there is none
 */
export function idOf(value: unknown): string {
  if (!/string|number|bigint/.test(typeof value)) return ''
  const id = String(value)
  return id.length <= 256 && !/\p{Cc}/u.test(id) ? id : ''
}

/** The ids among the values of an array, a Set or any other iterable. */
export function idsOf(values: unknown): string[] {
  return valuesOf(values).map(idOf).filter(Boolean)
}

/** The values of an iterable, or none if it is something else. */
export function valuesOf(values: unknown): unknown[] {
  const iterable =
    typeof values === 'object' && typeof (values as Iterable<unknown>)?.[Symbol.iterator] === 'function'
  return iterable ? [...(values as Iterable<unknown>)] : []
}

/** Shops write prices as numbers or as texts. @returns NaN for anything else */
export function amount(value: unknown): number {
  return typeof value === 'number' || (typeof value === 'string' && value.trim()) ? Number(value) : NaN
}
