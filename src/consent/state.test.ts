import { afterEach, describe, expect, it, vi } from 'vitest'
import { fakePage, fakeStorage } from '../fixtures/fake-page.js'
import { decision } from './state.js'

afterEach(() => vi.unstubAllGlobals())

describe('auto', () => {
  it('starts unknown and writes nothing', () => {
    const storage = fakeStorage()
    fakePage(storage)
    expect(decision('auto', true).state).toBe('unknown')
    expect(Object.keys(storage)).toEqual([])
  })

  it('is denied under Global Privacy Control, which also ends a stored grant', () => {
    const storage = fakeStorage()
    fakePage(storage)
    decision('auto', true).decide('granted')
    fakePage(storage, { gpc: true })
    expect(decision('auto', true).state).toBe('denied')
    expect(Object.keys(storage)).toEqual([])
  })

  it('ignores a marker that is none', () => {
    const storage = fakeStorage()
    storage['nearside:consent'] = 'yes'
    fakePage(storage)
    expect(decision('auto', false).state).toBe('unknown')
  })
})

describe('a decision', () => {
  it('to grant stands on the next page', () => {
    const storage = fakeStorage()
    fakePage(storage)
    const first = decision('auto', false)
    expect(first.decide('granted')).toBe(true)
    expect(first.decide('granted')).toBe(false)
    expect(decision('auto', false).state).toBe('granted')
  })

  it('to deny leaves no trace, unless the shop asks to remember it', () => {
    const storage = fakeStorage()
    fakePage(storage)
    const visitor = decision('auto', false)
    visitor.decide('granted')
    visitor.decide('denied')
    expect(visitor.state).toBe('denied')
    expect(Object.keys(storage)).toEqual([])
    expect(decision('auto', false).state).toBe('unknown')

    decision('auto', true).decide('denied')
    expect(decision('auto', true).state).toBe('denied')
  })

  it('works without storage', () => {
    fakePage({
      getItem() {
        throw new Error('SecurityError')
      },
    })
    const visitor = decision('auto', true)
    visitor.decide('granted')
    expect(visitor.state).toBe('granted')
    visitor.reread()
    expect(visitor.state).toBe('granted')
  })
})

describe("the shop's own consent manager", () => {
  it('is believed, and its denial ends a stored grant', () => {
    const storage = fakeStorage()
    fakePage(storage, { gpc: true })
    expect(decision('granted', false).state).toBe('granted')
    expect(decision('denied', true).state).toBe('denied')
    expect(Object.keys(storage)).toEqual([])
  })

  it('may say unknown without ending a grant', () => {
    const storage = fakeStorage()
    fakePage(storage)
    decision('auto', false).decide('granted')
    expect(decision('unknown', false).state).toBe('unknown')
    expect(decision('auto', false).state).toBe('granted')
  })
})

describe('another page', () => {
  it('that denies, denies here too, and what it remembers stays', () => {
    const storage = fakeStorage()
    fakePage(storage)
    const here = decision('auto', false)
    here.decide('granted')
    decision('auto', true).decide('denied')
    expect(here.heard('denied')).toBe(true)
    expect(storage['nearside:consent']).toBe('denied')
  })

  it('that withdrew the grant while this one was in the back/forward cache is heeded afterwards', () => {
    const storage = fakeStorage()
    fakePage(storage)
    const here = decision('auto', false)
    here.decide('granted')
    decision('auto', false).decide('denied')
    expect(here.reread()).toBe(true)
    expect(here.state).toBe('denied')
  })

  it('that granted meanwhile is heeded too', () => {
    const storage = fakeStorage()
    fakePage(storage)
    const here = decision('auto', false)
    expect(here.state).toBe('unknown')
    expect(here.reread()).toBe(false)
    decision('auto', false).decide('granted')
    expect(here.reread()).toBe(true)
    expect(here.state).toBe('granted')
  })
})

it('touches no global on a server', () => {
  expect(decision('auto', false).state).toBe('unknown')
  expect(decision('granted', false).state).toBe('granted')
})
