import { afterEach, expect, test, vi } from 'vitest'
import { landingOf } from './landing.js'

afterEach(() => vi.unstubAllGlobals())

test('the address of the page says its path and its search terms', () => {
  const said = { url: 'https://shop.example/lamps/?q=red+lamp', referrer: 'https://search.example/' }
  expect(landingOf(said)).toEqual({ path: '/lamps/', query: 'red lamp', referrer: 'https://search.example/' })
})

test('what is no address says nothing', () => {
  for (const url of ['lamps', 'https://', 5, null, undefined]) {
    expect(landingOf({ url })).toEqual({ path: undefined, query: undefined, referrer: undefined })
  }
  expect(landingOf(undefined)).toEqual({ path: undefined, query: undefined, referrer: undefined })
})

test('browsers without URL.canParse read addresses too', () => {
  vi.stubGlobal('URL', class extends URL {})
  Object.assign(URL, { canParse: undefined })
  expect(landingOf({ url: 'https://shop.example/lamps/' }).path).toBe('/lamps/')
  expect(landingOf({ url: 'lamps' }).path).toBeUndefined()
})
