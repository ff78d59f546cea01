import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openCatalog } from '../../../worker/catalog/open.js'
import { openModel } from '../../../worker/model.js'
import { PackError } from '../../../worker/pack/errors.js'
import type { Pack } from '../../../worker/pack/pack.js'
import type { Rule } from '../../../worker/protocol.js'
import { answerRank } from '../../../worker/rank/answer.js'
import { knownBy } from '../../../worker/rank/candidates.js'
import { gather } from '../../../worker/rank/evidence.js'
import { MOST_SETTINGS_BYTES, readSettings } from '../../../worker/rank/settings.js'
import { createSettings } from '../../../worker/shape/settings.js'
import { shape } from '../../../worker/shape/shape.js'
import { example } from '../../fixtures/packs.js'
import type { Catalogue } from '../data/catalogue.js'
import { random } from '../maths/random.js'
import { readPackFromDisk } from './read.js'
import { columnsFor, readRules } from './rules.js'
import { writePack } from './write.js'

const folder = mkdtempSync(join(tmpdir(), 'nearside-rules-'))
afterAll(() => rmSync(folder, { recursive: true }))

const path = join(folder, 'rules.json')
function read(content: unknown): Rule[] {
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return readRules(path)
}

const adults: Rule = { kind: 'exclude', where: { attribute: 'age', above: 17 }, name: 'for adults' }

test('a bad file is refused with its name, the rule, the field and what is expected', () => {
  expect(() => read('[{]')).toThrow(`${path}: not JSON (`)
  expect(() => read({ rules: [] })).toThrow(`${path}: expected a list of rules, such as`)
  expect(() => read([adults, { kind: 'cap', name: 'mixed', by: 'brand', most: 0, within: 8 }])).toThrow(
    `${path}: rule 2 ("mixed"): most is 0, expected a whole number from 1 to 9999`,
  )
  expect(() => read(Array(101).fill(adults))).toThrow(`${path}: 101 rules, at most 100 can hold`)
  const ids = Array.from({ length: 10_000 }, (_, i) => `a rather long id of an item ${i}`)
  expect(() => read([{ kind: 'bury', where: { ids } }])).toThrow(
    new RegExp(`bytes of rules, at most ${MOST_SETTINGS_BYTES} fit into a pack`),
  )
  expect(() => readRules(join(folder, 'none.json'))).toThrow(/no such file.*none\.json/)
})

test('the pack gets the columns that rules ask about and those that were named, and no others', () => {
  const catalogue: Catalogue = {
    attributes: new Map(['age', 'colour', 'cost', 'seller'].map((name) => [name, []])),
  }
  const said: string[] = []
  const rules: Rule[] = [
    { kind: 'exclude', where: { all: [{ not: adults.where }, { attribute: 'region', is: 'DE' }] } },
    { kind: 'cap', by: 'seller', most: 1, within: 4 },
    { kind: 'boost', where: { attribute: 'price', below: 5 }, factor: 2 },
  ]
  expect(columnsFor(catalogue, ['colour'], rules, (line) => said.push(line))).toEqual([
    'age',
    'colour',
    'seller',
  ])
  expect(said).toEqual(['rules ask for "region", which the catalogue does not have: the page must give it'])
  expect(() => columnsFor(catalogue, ['size'], [], () => {})).toThrow(
    '--facts size: the catalogue has no such column; it has age, colour, cost, seller',
  )
  expect(() => columnsFor(null, ['size'], [], () => {})).toThrow('add --catalog')
})

test('a pack carries rules and columns, and they hold in the first list', async () => {
  const content = example(60, 16, 3)
  const age = content.ids.map((_, row) => (row % 5 === 0 ? '18' : row % 5 === 1 ? '6' : undefined))
  const added = Float64Array.from(content.ids, (_, row) =>
    row === 7 ? Number.NaN : Date.UTC(2026, 0, 1) / 1000,
  )
  writePack(
    {
      ...content,
      facts: {
        ...content.facts,
        available: content.ids.map((_, row) => row !== 3),
        added,
        repurchase: Uint16Array.from(content.ids, (_, row) => row),
        attributes: new Map([['age', age]]),
      },
      ranking: { rules: [adults] },
    },
    folder,
  )
  const pack = await readPackFromDisk(folder)
  expect(readSettings(pack)).toEqual({ rules: [adults] })
  expect(openCatalog(pack).facts(0)).toMatchObject({ age: '18', added: '2026-01-01' })
  expect(openCatalog(pack).attribute(7, 'repurchase')).toBe(7)
  expect(openCatalog(pack).attribute(7, 'added')).toBeUndefined()

  // Without the file of titles and links, as on a first visit.
  const model = await openModel({ ...pack, missing: (required) => (required ? [] : ['facts']) }, 'js')
  const settings = createSettings({})({ slot: '' }, model.settings)
  const ids = content.ids.slice(0, 8)
  const answer = answerRank(
    model,
    knownBy(gather(model, [])),
    { ids, slot: '', limit: 8 },
    { settings, shape },
  )
  expect([...answer.order!]).toEqual([1, 2, 4, 6, 7, 3, 0, 5])
})

test('a pack whose settings are no JSON, or too long, is refused', async () => {
  const pack = await readPackFromDisk(folder)
  const holding = (bytes: Uint8Array) => ({ ...pack, array: () => bytes }) as unknown as Pack
  expect(() => readSettings(holding(new TextEncoder().encode('{"rules":')))).toThrow(
    'section ranking: not JSON',
  )
  expect(() => readSettings(holding(new Uint8Array(MOST_SETTINGS_BYTES + 1)))).toThrow(
    'section ranking: more than',
  )
  // What is JSON and no object says nothing.
  const odd = readSettings(holding(new TextEncoder().encode('"rules"')))
  expect(createSettings({})({ slot: '' }, odd).rules).toHaveLength(1)
})

test('damaged columns and settings are refused, or read as something else, and never crash', async () => {
  const pack = await readPackFromDisk(folder)
  const names = pack.manifest.sections
    .map(({ name }) => name)
    .filter((name) => /attributes|added|repurchase|ranking/.test(name))
  expect(names).toHaveLength(6)
  const uniform = random(5)
  let refused = 0
  for (let run = 0; run < 3000; run++) {
    // A view of the pack's own bytes.
    const { bytes } = pack.section(names[run % names.length]!)
    const at = Math.floor(uniform() * bytes.length)
    const before = bytes[at]!
    bytes[at] = Math.floor(uniform() * 256)
    try {
      const catalog = openCatalog(pack)
      for (let row = 0; row < catalog.size; row++) catalog.facts(row)
      for (const rule of createSettings({})({ slot: '' }, readSettings(pack)).rules!)
        expect(rule.kind).toBeTypeOf('string')
    } catch (error) {
      expect(error).toBeInstanceOf(PackError)
      refused++
    }
    bytes[at] = before
  }
  expect(refused).toBeGreaterThan(100)
})
