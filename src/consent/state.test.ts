import { afterEach, describe, expect, it, vi } from 'vitest'
import { fakePage, fakeStorage } from '../fixtures/fake-page.js'
import { decider } from './state.js'

afterEach(() => vi.unstubAllGlobals())

describe('auto', () => {
  it('starts unknown and writes nothing', () => {
    const storage = fakeStorage()
    fakePage(storage)
    expect(decider('auto', true).decision.state).toBe('unknown')
    expect(Object.keys(storage)).toEqual([])
  })

  it('is denied under Global Privacy Control, which also ends a stored grant', () => {
    const storage = fakeStorage()
    fakePage(storage)
    decider('auto', true).decide('granted')
    fakePage(storage, { gpc: true })
    expect(decider('auto', true).decision.state).toBe('denied')
    expect(Object.keys(storage)).toEqual([])
  })

  it('ignores a record that is not ours', () => {
    const storage = fakeStorage()
    storage['nearside:consent'] = 'yes'
    fakePage(storage)
    expect(decider('auto', false).decision.state).toBe('unknown')
  })
})

describe('a decision', () => {
  it('to grant holds on the next page', () => {
    const storage = fakeStorage()
    fakePage(storage)
    const first = decider('auto', false)
    expect(first.decide('granted')).toBe(true)
    expect(first.decide('granted')).toBe(false)
    expect(decider('auto', false).decision.state).toBe('granted')
  })

  it('to deny leaves no trace, unless the shop asks to remember it', () => {
    const storage = fakeStorage()
    fakePage(storage)
    const visitor = decider('auto', false)
    visitor.decide('granted')
    visitor.decide('denied')
    expect(visitor.decision.state).toBe('denied')
    expect(Object.keys(storage)).toEqual([])
    expect(decider('auto', false).decision.state).toBe('unknown')

    decider('auto', true).decide('denied')
    expect(decider('auto', true).decision.state).toBe('denied')
  })

  it('works without storage', () => {
    fakePage({
      getItem() {
        throw new Error('SecurityError')
      },
    })
    const visitor = decider('auto', true)
    visitor.decide('granted')
    expect(visitor.decision.state).toBe('granted')
    visitor.reread()
    expect(visitor.decision.state).toBe('granted')
  })
})

describe("the shop's own consent manager", () => {
  it('decides, and its denial ends a stored grant', () => {
    const storage = fakeStorage()
    fakePage(storage, { gpc: true })
    expect(decider('granted', false).decision.state).toBe('granted')
    expect(decider('denied', true).decision.state).toBe('denied')
    expect(Object.keys(storage)).toEqual([])
  })

  it('may say unknown without ending a recorded grant', () => {
    const storage = fakeStorage()
    fakePage(storage)
    const granted = decider('auto', false)
    granted.decide('granted')
    const pending = decider('unknown', false)
    expect(pending.decision).toEqual({ state: 'unknown', grant: granted.decision.grant })
    expect(pending.reread()).toBe(false)
    expect(decider('auto', false).decision.state).toBe('granted')
  })
})

describe('another page', () => {
  it('that denies, denies here too, and its remembered denial stays', () => {
    const storage = fakeStorage()
    fakePage(storage)
    const here = decider('auto', false)
    here.decide('granted')
    decider('auto', true).decide('denied')
    expect(here.heard(undefined)).toBe(true)
    expect(here.decision).toEqual({ state: 'denied' })
    expect(storage['nearside:consent']).toBe('denied')
  })

  it('that denies does not end a grant that came later', () => {
    const storage = fakeStorage()
    fakePage(storage)
    const here = decider('auto', false)
    here.decide('granted')
    const { grant } = here.decision
    here.decide('denied')
    here.decide('granted')
    expect(here.heard(grant)).toBe(false)
    expect(here.decision.state).toBe('granted')
  })

  it('that denies and grants again leaves a different grant', () => {
    const storage = fakeStorage()
    fakePage(storage)
    const [here, there] = [decider('auto', false), decider('auto', false)]
    here.decide('granted')
    const { grant } = here.decision
    expect(there.decision.state).toBe('granted')
    there.decide('denied')
    there.decide('granted')
    expect(here.reread()).toBe(true)
    expect(here.decision.state).toBe('granted')
    expect(here.decision.grant).not.toBe(grant)
  })

  it('that clears localStorage ends the grant', () => {
    const storage = fakeStorage()
    fakePage(storage)
    const here = decider('granted', false)
    expect(here.decision.grant).toBeDefined()
    delete storage['nearside:consent']
    expect(here.reread()).toBe(true)
    expect(here.decision).toEqual({ state: 'denied' })
  })

  it('that withdrew the grant while this one was in the back/forward cache counts afterwards', () => {
    const storage = fakeStorage()
    fakePage(storage)
    const here = decider('auto', false)
    here.decide('granted')
    decider('auto', false).decide('denied')
    expect(here.reread()).toBe(true)
    expect(here.decision.state).toBe('denied')
  })

  it('that granted meanwhile counts too', () => {
    const storage = fakeStorage()
    fakePage(storage)
    const here = decider('auto', false)
    expect(here.decision.state).toBe('unknown')
    expect(here.reread()).toBe(false)
    decider('auto', false).decide('granted')
    expect(here.reread()).toBe(true)
    expect(here.decision.state).toBe('granted')
  })
})

it('touches no global on a server', () => {
  expect(decider('auto', false).decision.state).toBe('unknown')
  expect(decider('granted', false).decision.state).toBe('granted')
})
