/**
 * The visitor's decision on the page's side. The page makes the decision and keeps its record; the worker enforces it. The
 * record is localStorage `nearside:consent`: `granted:` and a random id as long as a grant stands, or `denied` if the shop
 * asks to remember a denial. In `unknown` nothing is written.
 *
 *     unknown -> granted | denied,  granted <-> denied
 *
 * All tabs share this record, so it is read again whenever it may have changed, and before anything is written. A grant
 * that was withdrawn and given again has another id. So a page that was frozen during both notices it.
 */
import type { ConsentState, Decision } from '../../worker/protocol.js'
import { prerendering } from '../lifecycle/activation.js'
import { local } from '../lifecycle/local.js'

const RECORD = 'nearside:consent'

/** A method that returns a boolean says whether the decision has changed. */
export interface Decider {
  readonly decision: Decision
  /** Record of the grant under which data may be stored; undefined without one. */
  readonly granted: string | undefined
  /** The visitor has decided on this page. */
  decide(state: 'granted' | 'denied'): boolean
  /**
   * Another tab reports that the visitor has denied.
   * @param grant record of the grant that was withdrawn there
   */
  heard(grant: string | undefined): boolean
  /** Reads the record again. Another page, or the shop itself, may have changed it. */
  reread(): boolean
}

/**
 * @param given the shop's option `consent`
 * @param remember whether a denial is recorded
 */
export function decider(given: 'auto' | ConsentState, remember: boolean): Decider {
  // Read on first use, because `create` must touch no global.
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

  /** Makes the record match the decision. A denial that is not remembered leaves no record. */
  function settle(): void {
    settled = !prerendering()
    if (!settled) return
    if (state === 'granted' && !isGrant(record))
      write(`granted:${crypto.getRandomValues(new Uint32Array(2)).join('-')}`)
    if (state === 'denied' && (kept || isGrant(record))) write(kept ? state : null)
  }

  function write(value: string | null): void {
    record = value !== null && local.set(RECORD, value) ? value : null
    // If a grant cannot be recorded, nothing is stored under it. If a denial cannot be recorded, it still ends the grant.
    if (record === null) local.remove(RECORD)
  }

  /** Runs `act`, and says whether it has changed the decision. */
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
        // The visitor may have granted again since.
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
