import { expect, test } from 'vitest'
import { cleanTitle } from './titles.js'

test('capitals, doubled spaces and abbreviations become a readable title', () => {
  expect(cleanTitle('LUNCH BAG  BLACK SKULL.')).toBe('Lunch bag black skull')
  expect(cleanTitle('S/4 IVORY MINI ROSE CANDLE IN BOWL')).toBe('Set of 4 ivory mini rose candle in bowl')
  expect(cleanTitle('WRAP I LOVE LONDON ')).toBe('Wrap I love London')
  expect(cleanTitle('LETTER "A" BLING KEY RING')).toBe('Letter “A” bling key ring')
})

test('charges are not products', () => {
  expect(cleanTitle('Next Day Carriage')).toBeUndefined()
  expect(cleanTitle('POSTAGE')).toBeUndefined()
  expect(cleanTitle('POSTAGE STAMP ALBUM')).toBe('Postage stamp album')
})
