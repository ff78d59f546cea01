/**
 * What the shop notes in this browser for its own pages. All of it is written under a grant only, and erased when there
 * is none. `early.ts` reads it before the page is painted.
 */
export const KEYS = {
  /** In localStorage: the device can order the shop window for this visitor. */
  back: 'tuppence:back',
  /** In sessionStorage: the visitor sorts categories "For you". */
  sort: 'tuppence:sort',
  /** In sessionStorage: the shop window has been seen moving in this visit. */
  moved: 'tuppence:moved',
} as const

/** Whether the device's last suggestions came from what this visitor did; undefined before any. */
let personal: boolean | undefined

// The stub's `consent.state` is a function: until the SDK has loaded, there is no grant.
const granted = () => window.nearside.consent.state === 'granted'

/** After suggestions for the visitor: whether they are more than best sellers. */
export function noteSuggestions(arePersonal: boolean): void {
  personal = arePersonal
  keepMarks()
}

/** After every change of the decision. */
export function keepMarks(): void {
  if (!granted()) {
    for (const [storage, key] of places()) put(storage, key, false)
  } else if (personal !== undefined) put(() => localStorage, KEYS.back, personal)
}

export function noteSort(forYou: boolean): void {
  put(() => sessionStorage, KEYS.sort, forYou && granted())
}

export function noteMoved(): void {
  if (granted()) put(() => sessionStorage, KEYS.moved, true)
}

/** "For you" was chosen in this visit. */
export function sortsForYou(): boolean {
  try {
    return sessionStorage.getItem(KEYS.sort) !== null
  } catch {
    return false
  }
}

const places = (): [() => Storage, string][] => [
  [() => localStorage, KEYS.back],
  [() => sessionStorage, KEYS.sort],
  [() => sessionStorage, KEYS.moved],
]

/** @param storage a function, because reading `localStorage` throws where storage is blocked */
function put(storage: () => Storage, key: string, on: boolean): void {
  try {
    if (on) storage().setItem(key, '1')
    else storage().removeItem(key)
  } catch {
    // Storage is full or blocked: the next page is a first page.
  }
}
