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
  it('happens while the grant stands, and not without one', async () => {
    const consent = createConsent(locks, { record: () => 'granted:1' })
    expect(await consent.permit(write)).toBeUndefined()
    consent.set({ state: 'granted', grant: 'granted:1' })
    expect(await consent.permit(write)).toBe('written')
    consent.set({ state: 'unknown', grant: 'granted:1' })
    expect(await consent.permit(write)).toBeUndefined()
    consent.set({ state: 'denied' })
    expect(await consent.permit(write)).toBeUndefined()
    expect(write).toHaveBeenCalledTimes(1)
  })

  it('does not happen once the record is gone, of which only the page knows', async () => {
    const consent = createConsent(locks, { record: () => undefined })
    consent.set({ state: 'granted', grant: 'granted:1' })
    expect(await consent.permit(write)).toBeUndefined()
    expect(write).not.toHaveBeenCalled()
  })

  it('does not happen while the page is being left', async () => {
    const consent = createConsent(locks, { record: () => '' })
    consent.set({ state: 'granted', grant: 'granted:1' })
    expect(await consent.permit(write)).toBeUndefined()
    expect(write).not.toHaveBeenCalled()
  })

  it('does not happen when a denial comes while the page is being asked', async () => {
    const consent = createConsent(locks, {
      async record() {
        consent.set({ state: 'denied' })
        return 'granted:1'
      },
    })
    consent.set({ state: 'granted', grant: 'granted:1' })
    expect(await consent.permit(write)).toBeUndefined()
    expect(write).not.toHaveBeenCalled()
  })

  it('does not happen when the page does not answer', async () => {
    vi.useFakeTimers()
    const consent = createConsent(locks, { record: () => new Promise(() => {}) })
    consent.set({ state: 'granted', grant: 'granted:1' })
    const done = consent.permit(write)
    await vi.advanceTimersByTimeAsync(3000)
    expect(await done).toBeUndefined()
    expect(write).not.toHaveBeenCalled()
  })
})

describe('an erasure', () => {
  const erase = vi.fn(async () => {})
  afterEach(() => void erase.mockClear())

  it('happens where no grant stands', async () => {
    await createConsent(locks, { record: () => undefined }).erase(erase)
    expect(erase).toHaveBeenCalledOnce()
  })

  it('does not happen while a page is being left on which a grant stands', async () => {
    await createConsent(locks, { record: () => '' }).erase(erase)
    expect(erase).not.toHaveBeenCalled()
  })

  it('does not touch the data of a grant that another tab was given meanwhile', async () => {
    await createConsent(locks, { record: () => 'granted:2' }).erase(erase)
    expect(erase).not.toHaveBeenCalled()
  })
})
