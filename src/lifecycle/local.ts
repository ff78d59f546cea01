/**
 * localStorage, which a page may be denied: the getter itself throws where cookies are blocked or in a sandboxed frame, and
 * `setItem` throws when the quota is used up. Then nothing is kept, and no caller needs to care.
 */
export const local = {
  get: (key: string): string | null => attempt((storage) => storage.getItem(key), null),

  /** @returns whether the value is kept */
  set: (key: string, value: string): boolean =>
    attempt((storage) => {
      storage.setItem(key, value)
      return true
    }, false),

  remove: (key: string): void => attempt((storage) => storage.removeItem(key), undefined),

  keys: (prefix: string): string[] =>
    attempt((storage) => Object.keys(storage).filter((key) => key.startsWith(prefix)), []),
}

function attempt<T>(act: (storage: Storage) => T, otherwise: T): T {
  try {
    return act(localStorage)
  } catch {
    return otherwise
  }
}
