/**
 * localStorage, which a page may be denied: the getter itself throws where cookies are blocked or in a sandboxed
 * frame, and `setItem` throws when the quota is used up. Then nothing is kept, and nobody needs to care.
 */
export const local = {
  get(key: string): string | null {
    try {
      return localStorage.getItem(key)
    } catch {
      return null
    }
  },

  /** @returns whether the value is kept */
  set(key: string, value: string): boolean {
    try {
      localStorage.setItem(key, value)
      return true
    } catch {
      return false
    }
  },

  remove(key: string): void {
    try {
      localStorage.removeItem(key)
    } catch {
      // Nothing was kept either.
    }
  },

  keys(prefix: string): string[] {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(prefix))
    } catch {
      return []
    }
  },
}
