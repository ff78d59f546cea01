/**
 * Enforces the visitor's decision. Every write to the disk asks here first, and runs only if the grant stands at that moment.
 * The decision itself is made on the page, because only the page can read its record.
 */
import type { Locks } from '../locks.js'
import type { Decision, PageApi } from '../protocol.js'

/** A page that does not answer within this time is too busy or gone. Then nothing is written. */
const ANSWER_MS = 3000

export interface Consent {
  readonly decision: Decision
  readonly denied: boolean
  /** Record of the grant under which data may be stored; undefined without one. */
  readonly grant: string | undefined
  set(decision: Decision): void
  /** Runs a write if the grant stands; else resolves with undefined. Meanwhile no tab can erase. */
  permit<T>(write: () => Promise<T>): Promise<T | undefined>
  /** Runs an erasure. Meanwhile no tab can write. */
  alone<T>(erase: () => Promise<T>): Promise<T>
}

export function createConsent(locks: Locks, page: Pick<PageApi, 'stands'>): Consent {
  let decision: Decision = { state: 'unknown' }
  const grant = () => (decision.state === 'granted' ? decision.grant : undefined)

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
        const silence = new Promise<false>((resolve) => setTimeout(resolve, ANSWER_MS, false))
        const stands = await Promise.race([page.stands(asked), silence])
        return stands === true && grant() === asked ? write() : undefined
      })
    },
    alone: locks.alone,
  }
}
