import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Locks } from '../locks.js'
import { createConsent } from './consent.js'

const locks: Locks = { shared: (work) => work(), alone: (work) => work() }
const write = vi.fn(async () => 'written')

afterEach(() => {
  write.mockClear()
  vi.useRealTimers()
})

describe('a write', () => {
  it('happens only while a grant stands', async () => {
    const consent = createConsent(locks, { stands: (grant) => grant === 'granted:1' })
    expect(await consent.permit(write)).toBeUndefined()
    consent.set({ state: 'granted', grant: 'granted:1' })
    expect(await consent.permit(write)).toBe('written')
    consent.set({ state: 'unknown', grant: 'granted:1' })
    expect(await consent.permit(write)).toBeUndefined()
    consent.set({ state: 'denied' })
    expect(await consent.permit(write)).toBeUndefined()
    expect(write).toHaveBeenCalledTimes(1)
  })

  it('does not happen when the record is gone, which only the page can see', async () => {
    const consent = createConsent(locks, { stands: () => false })
    consent.set({ state: 'granted', grant: 'granted:1' })
    expect(await consent.permit(write)).toBeUndefined()
    expect(write).not.toHaveBeenCalled()
  })

  it('does not happen when a denial comes while the page is being asked', async () => {
    const consent = createConsent(locks, {
      async stands() {
        consent.set({ state: 'denied' })
        return true
      },
    })
    consent.set({ state: 'granted', grant: 'granted:1' })
    expect(await consent.permit(write)).toBeUndefined()
    expect(write).not.toHaveBeenCalled()
  })

  it('does not happen when the page does not answer', async () => {
    vi.useFakeTimers()
    const consent = createConsent(locks, { stands: () => new Promise(() => {}) })
    consent.set({ state: 'granted', grant: 'granted:1' })
    const done = consent.permit(write)
    await vi.advanceTimersByTimeAsync(3000)
    expect(await done).toBeUndefined()
    expect(write).not.toHaveBeenCalled()
  })
})
