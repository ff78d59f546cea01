/**
 * localStorage that never throws. The browser's getter throws if cookies are blocked or in a sandboxed frame, and `setItem`
 * throws when the quota is used up. In these cases nothing is kept, and callers need no code for them.
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
