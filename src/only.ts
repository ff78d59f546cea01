/** The fields of an object whose values pass a test. */
export function only<T extends object>(object: T, test: (value: unknown) => unknown): Partial<T> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => test(value))) as Partial<T>
}
