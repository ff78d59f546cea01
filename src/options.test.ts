import { expect, it } from 'vitest'
import { budget, checkOptions, engineConfig } from './options.js'

const page = 'https://shop.example/home/index.html'

it('resolves the pack against the page, and leaves the defaults to the engine', () => {
  expect(engineConfig({ pack: '../packs/shop' }, { state: 'granted' }, page)).toEqual({
    pack: 'https://shop.example/packs/shop/',
    consent: { state: 'granted' },
    options: ['pack'],
  })
  const own = { pack: 'https://cdn.example/p/', key: 'k', retention: { days: 30 }, backend: 'js' } as const
  expect(engineConfig(own, { state: 'unknown' }, page)).toMatchObject({
    pack: 'https://cdn.example/p/',
    key: 'k',
    retention: { days: 30 },
    backend: 'js',
  })
})

it('says what is wrong and what to write instead', () => {
  expect(() => checkOptions({} as never)).toThrow(/pack: .*data-pack=/)
  expect(() => checkOptions(undefined as never)).toThrow(/pack:/)
  expect(() => checkOptions({ pack: '/p/', workerUrl: '' })).toThrow(/data-worker=.*nearsideOptions/)
  expect(() => checkOptions({ pack: '/p/', consent: 'yes' as never })).toThrow(/consent: .*granted.*"yes"/)
  expect(() => engineConfig({ pack: 'file:///p/' }, { state: 'unknown' }, page)).toThrow(/http/)
})

it('takes the first time budget that is valid', () => {
  expect(budget(undefined, undefined)).toBe(250)
  expect(budget(0, 100)).toBe(0)
  expect(budget('soon', Number.NaN, 100)).toBe(100)
  expect(budget(Number.POSITIVE_INFINITY)).toBe(2 ** 31 - 1)
})
