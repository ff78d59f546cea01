/** The fields of an object whose values pass a test; without a test, those that are neither '' nor NaN nor undefined. */
export function only<T extends object>(object: T, test: (value: unknown) => unknown = said): Partial<T> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => test(value))) as Partial<T>
}

export const said = (value: unknown) => value || value === 0 || value === false
