import { expect, it } from 'vitest'
import type { Options } from './api.js'
import { budget, engineConfig } from './options.js'

const URL = 'https://shop.example/home/index.html?q=lamp'
const page = { baseURI: URL, URL, referrer: 'https://search.example/' }
const unknown = { state: 'unknown' } as const

it('resolves the pack against the page, and leaves the defaults to the engine', () => {
  expect(engineConfig({ pack: '../packs/shop' }, { state: 'granted' }, page)).toEqual({
    pack: 'https://shop.example/packs/shop/',
    consent: { state: 'granted' },
    context: { url: URL, referrer: 'https://search.example/' },
    options: ['pack'],
  })
  const own = { pack: 'https://cdn.example/p/', key: 'k', retention: { days: 30 }, backend: 'js' } as const
  expect(engineConfig(own, unknown, page)).toMatchObject({
    pack: 'https://cdn.example/p/',
    key: 'k',
    retention: { days: 30 },
    backend: 'js',
  })
})

it('says what is wrong and what to write instead', () => {
  const config = (options: unknown) => () => engineConfig(options as Options, unknown, page)
  expect(config({})).toThrow(/pack is "undefined", .*create.*nearsideOptions.*data-pack/)
  expect(config(undefined)).toThrow(/pack is /)
  expect(config({ pack: '/p/', workerUrl: '' })).toThrow(/workerUrl is "".*data-worker/)
  expect(config({ pack: '/p/', consent: 'yes' })).toThrow(/consent is "yes".*granted/)
  expect(config({ pack: 'file:///p/' })).toThrow(/http/)
})

it('sends what can be sent of the options, whatever else they hold', () => {
  const ring: Record<string, unknown> = { rules: [{ kind: 'pin', where: { ids: ['a'] }, test: () => true }] }
  ring.self = ring
  const shared = new Proxy({ home: { reasons: true } }, {})
  const config = engineConfig(
    { pack: '/p/', ranking: ring, slots: shared, done() {} } as Options,
    unknown,
    page,
  )
  expect(structuredClone(config)).toMatchObject({
    ranking: { rules: [{ kind: 'pin', where: { ids: ['a'] }, test: undefined }] },
    slots: { home: { reasons: true } },
    options: ['pack', 'ranking', 'slots', 'done'],
  })
})

it('sends a rule with as many ids as a rule may have', () => {
  const ids = Array.from({ length: 10_000 }, (_, i) => `sku${i}`)
  const ranking = { rules: [{ kind: 'exclude', where: { ids } }] } as const
  expect(engineConfig({ pack: '/p/', ranking }, unknown, page).ranking).toEqual(ranking)
})

it('takes the first time budget that is valid', () => {
  expect(budget(undefined, undefined)).toBe(250)
  expect(budget(0, 100)).toBe(0)
  expect(budget('soon', Number.NaN, 100)).toBe(100)
  expect(budget(Number.POSITIVE_INFINITY)).toBe(2 ** 31 - 1)
})
