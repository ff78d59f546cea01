import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Rule } from '../../protocol.js'
import { SOURCES } from '../../rank/candidates.js'
import { createSettings } from '../settings.js'
import { MOST_RULES, parseRule } from './parse.js'

const anything = { attribute: 'brand', is: 'acme' }
const refusal = (rule: unknown) => {
  try {
    parseRule(rule, 'create, rule 2')
  } catch (error) {
    return (error as Error).message
  }
  return 'nothing is wrong'
}
const nested = (depth: number): unknown => (depth > 1 ? { not: nested(depth - 1) } : anything)

test.each<[rule: unknown, message: string]>([
  ['cap', 'create, rule 2 is "cap", expected an object'],
  [null, 'create, rule 2 is null, expected an object'],
  [[], 'create, rule 2 is an object or list, expected an object'],
  [
    {},
    'create, rule 2: kind is absent, expected one of available, hide, include, exclude, bury, boost, pin, cap, share',
  ],
  [
    { kind: 'constructor' },
    'create, rule 2: kind is "constructor", expected one of available, hide, include, exclude, bury, boost, pin, cap, share',
  ],
  [
    { kind: 'cap', name: 'mixed', by: 'brand', most: 'two', within: 8 },
    'create, rule 2 ("mixed"): most is "two", expected a whole number from 1 to 9999',
  ],
  [
    { kind: 'pin', where: anything, position: 1.5 },
    'create, rule 2: position is 1.5, expected a whole number from 0 to 9999',
  ],
  [
    { kind: 'boost', where: anything, factor: Number.NaN },
    'create, rule 2: factor is NaN, expected a number from 0.01 to 1000',
  ],
  [{ kind: 'bury' }, 'create, rule 2: where is absent, expected an object'],
  [{ kind: 'bury', were: anything }, 'create, rule 2 has a field "were", expected only kind, name, where'],
  [
    { kind: 'bury', where: anything, remove: true },
    'create, rule 2 has a field "remove", expected only kind, name, where',
  ],
  [
    { kind: 'exclude', where: anything, remove: 'yes' },
    'create, rule 2: remove is "yes", expected true, or absent',
  ],
  [
    { kind: 'exclude', where: { all: [anything, { attribute: 'price', above: 'much' }] } },
    'create, rule 2: where.all[1].above is "much", expected a number, or a date such as 2026-01-31',
  ],
  [
    { kind: 'exclude', where: { brand: 'acme' } },
    'create, rule 2: where needs one of the fields all, any, not, ids, source, attribute',
  ],
  [
    { kind: 'exclude', where: { source: 'newspaper' } },
    `create, rule 2: where.source is "newspaper", expected one of ${SOURCES.join(', ')}`,
  ],
  [
    { kind: 'exclude', where: { ids: [] } },
    'create, rule 2: where.ids is an object or list, expected a list of 1 to 10000 entries',
  ],
  [
    { kind: 'exclude', where: { attribute: 'x', is: 'y'.repeat(513) } },
    `create, rule 2: where.is is "${'y'.repeat(39)}, expected a text, a number, true or false`,
  ],
  [
    { kind: 'exclude', where: nested(9) },
    `create, rule 2: where${'.not'.repeat(8)} is more than 8 levels deep`,
  ],
  [
    { kind: 'exclude', where: { any: Array(200).fill(anything) } },
    'create, rule 2: where.any[199] is one of more than 200 conditions',
  ],
])('a bad rule is refused with its place and what is expected (%#)', (rule, message) => {
  expect(refusal(rule)).toBe(message)
})

test('a good rule comes back as it is, with a name', () => {
  const rule = { kind: 'cap', by: 'brand', most: 2, within: 8, where: nested(8), remove: true }
  expect(parseRule(rule, 'create, rule 2')).toEqual({ ...rule, name: 'cap (create, rule 2)' })
  expect(parseRule({ ...rule, name: 'mixed' }, '').name).toBe('mixed')
})

test('keys with a meaning in JavaScript do nothing', () => {
  const hostile = JSON.parse('{"kind":"bury","where":{"ids":["a"]},"__proto__":{"remove":true}}')
  expect(refusal(hostile)).toContain('has a field "__proto__"')
  const inherited = Object.create({ kind: 'bury', where: { ids: ['a'] } })
  expect(refusal(inherited)).toContain('kind is absent')
  expect(({} as Record<string, unknown>).remove).toBeUndefined()
})

test('a bad rule is told once, and the others hold', () => {
  const told: string[] = []
  const good: Rule = { kind: 'bury', where: { ids: ['a'] }, name: 'good' }
  const bad = { kind: 'burry' } as unknown as Rule
  const settingsOf = createSettings({ ranking: { rules: [bad, good] }, slots: {} }, (text) => told.push(text))
  for (let call = 0; call < 3; call++) {
    const { rules } = settingsOf({ slot: 'home', ranking: { rules: [{ ...bad }, good] } })
    expect(rules!.map(({ name }) => name)).toEqual(['available', 'good', 'good'])
  }
  expect(told).toEqual([
    expect.stringMatching(/^create, rule 1: kind is "burry", expected one of .* The rule is ignored\.$/),
    expect.stringMatching(/^the call, rule 1: kind is "burry"/),
  ])
})

test('what is no list of rules is told, and ignored', () => {
  const told: string[] = []
  const settingsOf = createSettings({ ranking: { rules: 'none' as never } }, (text) => told.push(text))
  expect(settingsOf({ slot: '' }).rules).toHaveLength(1)
  expect(told).toEqual(['rules of create: expected a list of rules; they are ignored.'])
})

test('rules of pack, shop, slot and call hold together, up to a limit', () => {
  const rule = (name: string): Rule => ({ kind: 'bury', where: { ids: ['a'] }, name })
  const told: string[] = []
  const settingsOf = createSettings(
    { ranking: { rules: [rule('shop')] }, slots: { home: { rules: [rule('slot')] } } },
    (text) => told.push(text),
  )
  const names = (ranking: { rules: Rule[] }) =>
    settingsOf({ slot: 'home', ranking }, { rules: [rule('pack')] }).rules!.map(({ name }) => name)
  expect(names({ rules: [rule('call')] })).toEqual(['available', 'pack', 'shop', 'slot', 'call'])
  expect(names({ rules: Array(MOST_RULES + 1).fill(rule('call')) })).toHaveLength(MOST_RULES + 4)
  expect(told).toEqual([`rules of the call: only the first ${MOST_RULES} hold.`])
})

test('every example of the documentation is a good rule', () => {
  const page = readFileSync(new URL('../../../docs/ranking.md', import.meta.url), 'utf8')
  const section = page.slice(
    page.indexOf('\n## Rules'),
    page.indexOf('\n## ', page.indexOf('\n## Rules') + 1),
  )
  const examples = [...section.matchAll(/```json\n(.*?)```/gs)].flatMap(([, json]) =>
    [JSON.parse(json!)].flat(),
  )
  for (const example of examples) expect(() => parseRule(example, 'docs')).not.toThrow()
  expect(new Set(examples.map(({ kind }) => kind)).size).toBe(9)
})
