/**
 * The visitor's decision on the page's side. The worker enforces it; the page is where it is made, and where its one
 * trace is kept: localStorage `nearside:consent`, `granted` for as long as the grant stands, `denied` only where the
 * shop asks to remember that. In `unknown` nothing is written.
 *
 *     unknown -> granted | denied,  granted <-> denied
 */
import type { ConsentState } from '../../worker/protocol.js'
import { local } from '../lifecycle/local.js'

const MARKER = 'nearside:consent'

/** Each method says whether it has changed the state. */
export interface Decision {
  readonly state: ConsentState
  /** The visitor decides, here and now. */
  decide(state: 'granted' | 'denied'): boolean
  /** Another tab's engine says what was decided there. */
  heard(state: ConsentState): boolean
  /** Back from the back/forward cache: the marker may have changed meanwhile. */
  reread(): boolean
}

/**
 * @param given the shop's option
 * @param remember whether a denial is kept
 */
export function decision(given: 'auto' | ConsentState, remember: boolean): Decision {
  // Read on first use, not before: `create` touches no global.
  let current: ConsentState | undefined
  /** A grant stands and is on disk, so that its absence later means something. */
  let kept = false

  const marked = (): ConsentState => {
    const marker = local.get(MARKER)
    return marker === 'granted' || marker === 'denied' ? marker : 'unknown'
  }

  /** Without `remember`, and for a denial that was not the visitor's own, a denial is the absence of a grant. */
  const mark = (state: ConsentState, keepDenial: boolean) => {
    kept = false
    if (state === 'granted') kept = local.set(MARKER, state)
    else if (state === 'denied' && keepDenial) local.set(MARKER, state)
    else if (state === 'denied' && marked() === 'granted') local.remove(MARKER)
  }

  const first = (): ConsentState => {
    if (typeof document === 'undefined') return given === 'auto' ? 'unknown' : given
    const { globalPrivacyControl } = navigator as Navigator & { globalPrivacyControl?: boolean }
    const state = given !== 'auto' ? given : globalPrivacyControl ? 'denied' : marked()
    mark(state, false)
    return state
  }

  const state = () => {
    current ??= first()
    return current
  }

  const become = (next: ConsentState) => {
    const changed = next !== state()
    current = next
    return changed
  }

  return {
    get state() {
      return state()
    },
    decide(next) {
      const changed = become(next)
      mark(next, remember)
      return changed
    },
    heard(next) {
      const changed = become(next)
      if (changed) mark(next, false)
      return changed
    },
    reread() {
      const marker = marked()
      if (marker !== 'unknown') return become(marker)
      return kept && become('denied')
    },
  }
}
