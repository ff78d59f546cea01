/**
 * Enforces the visitor's decision. Every write to the disk asks here first, and runs only if the grant stands at that moment.
 * The decision itself is made on the page, because only the page can read its record.
 */
import type { Locks } from '../locks.js'
import type { Decision, PageApi } from '../protocol.js'

/** A page that does not answer within this time is too busy, or gone. Then no grant is known to stand. */
const ANSWER_MS = 3000

export interface Consent {
  readonly decision: Decision
  readonly denied: boolean
  /** Record of the grant under which data may be stored; undefined without one. */
  readonly grant: string | undefined
  set(decision: Decision): void
  /** Runs a write if the grant stands; else resolves with undefined. Meanwhile no tab can erase. */
  permit<T>(write: () => Promise<T>): Promise<T | undefined>
  /**
   * Runs work that erases what no grant covers; no write runs meanwhile, in any tab. It is left out where a grant stands
   * after all, because another tab has just been granted: then the data is that grant's, and its writers see to it.
   */
  erase(work: () => Promise<void>): Promise<void>
  /** Runs work that erases, whether a grant stands or not. No write runs meanwhile, in any tab. */
  alone<T>(work: () => Promise<T>): Promise<T>
}

export function createConsent(locks: Locks, page: Pick<PageApi, 'record'>): Consent {
  let decision: Decision = { state: 'unknown' }
  const grant = () => (decision.state === 'granted' ? decision.grant : undefined)

  function recorded(): Promise<string | undefined> {
    const silence = new Promise<undefined>((resolve) => setTimeout(resolve, ANSWER_MS))
    return Promise.race([page.record(), silence])
  }

  return {
    get decision() {
      return decision
    },
    get denied() {
      return decision.state === 'denied'
    },
    get grant() {
      return grant()
    },
    set(next) {
      decision = next
    },
    async permit(write) {
      const asked = grant()
      if (asked === undefined) return undefined
      return locks.shared(async () => {
        const stands = (await recorded()) === asked && grant() === asked
        return stands ? write() : undefined
      })
    },
    erase: (work) =>
      locks.alone(async () => {
        if ((await recorded()) === undefined) await work()
      }),
    alone: locks.alone,
  }
}
