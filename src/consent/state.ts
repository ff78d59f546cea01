/**
 * The visitor's decision on the page's side. The worker enforces it; the page is where it is made, and where its only trace
 * is kept: localStorage `nearside:consent`. `granted:` and a random id for as long as a grant stands; `denied` only where
 * the shop asks to remember that. In `unknown` nothing is written.
 *
 *     unknown -> granted | denied,  granted <-> denied
 *
 * All tabs share this record, so it is read again whenever it may have changed, and before anything is written. A grant
 * that was withdrawn and given again has another id: a page that slept through both can tell.
 */
import type { ConsentState, Decision } from '../../worker/protocol.js'
import { prerendering } from '../lifecycle/activation.js'
import { local } from '../lifecycle/local.js'

const RECORD = 'nearside:consent'

/** Each method that returns a boolean says whether the decision has changed. */
export interface Decider {
  readonly decision: Decision
  /** Record of the grant under which data may be stored; undefined without one. */
  readonly granted: string | undefined
  /** The visitor decides, here and now. */
  decide(state: 'granted' | 'denied'): boolean
  /**
   * Another tab says that the visitor has denied.
   * @param grant record of the grant that was withdrawn there
   */
  heard(grant: string | undefined): boolean
  /** Reads the record, which another page, or the shop itself, may have changed. */
  reread(): boolean
}

/**
 * @param given the shop's option
 * @param remember whether a denial is kept
 */
export function decider(given: 'auto' | ConsentState, remember: boolean): Decider {
  // Read on first use, not before: `create` touches no global.
  let state: ConsentState | undefined
  /** The record as this page last read or wrote it. */
  let record: string | null = null
  /** Whether the record is in line with the decision. A prerendered page writes nothing before the visitor opens it. */
  let settled = false
  /** The visitor's own denial is to be remembered. */
  let kept = false

  const decision = (): Decision => {
    state ??= first()
    return state !== 'denied' && isGrant(record) ? { state, grant: record } : { state }
  }

  function first(): ConsentState {
    if (typeof document === 'undefined') return given === 'auto' ? 'unknown' : given
    record = local.get(RECORD)
    const { globalPrivacyControl } = navigator as Navigator & { globalPrivacyControl?: boolean }
    const recorded = isGrant(record) ? 'granted' : record === 'denied' ? 'denied' : 'unknown'
    state = given !== 'auto' ? given : globalPrivacyControl ? 'denied' : recorded
    settle()
    return state
  }

  /** Brings the record into line with the decision. A denial that is not to be remembered is the absence of a grant. */
  function settle(): void {
    settled = !prerendering()
    if (!settled) return
    if (state === 'granted' && !isGrant(record))
      write(`granted:${crypto.getRandomValues(new Uint32Array(2)).join('-')}`)
    if (state === 'denied' && (kept || isGrant(record))) write(kept ? state : null)
  }

  function write(value: string | null): void {
    if (value === null || !local.set(RECORD, value)) {
      // A grant that cannot be recorded stores nothing; a denial that cannot be recorded still ends the grant.
      local.remove(RECORD)
      value = null
    }
    record = value
  }

  /** Does something that may change the decision, and says whether it has. */
  function changes(act: () => void): boolean {
    const before = decision()
    act()
    const after = decision()
    return before.state !== after.state || before.grant !== after.grant
  }

  return {
    get decision() {
      return decision()
    },
    get granted() {
      const { state, grant } = decision()
      return state === 'granted' ? grant : undefined
    },
    decide: (next) =>
      changes(() => {
        record = local.get(RECORD)
        state = next
        kept = next === 'denied' && remember
        settle()
      }),
    heard: (grant) =>
      changes(() => {
        // The visitor may have granted anew since.
        if (state !== 'granted' || grant === undefined || grant === record) state = 'denied'
      }),
    reread: () =>
      changes(() => {
        const was = record
        record = local.get(RECORD)
        if (record !== was) {
          if (isGrant(record)) state = 'granted'
          else if (isGrant(was) || record === 'denied') state = 'denied'
        }
        if (!settled) settle()
      }),
  }
}

function isGrant(record: string | null): record is string {
  return /^granted/.test(record ?? '')
}
