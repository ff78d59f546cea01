/** `nearside import` as a user runs it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { floats, toyFile } from '../../fixtures/tensors.js'
import { random } from '../maths/random.js'
import { readPackFromDisk } from '../pack/read.js'
import { register } from './import.js'

const ITEMS = 40
let folder: string
const at = (name: string) => join(folder, name)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'import-test-'))
  const uniform = random(3)
  const lines = ['session_id,item_id,timestamp']
  for (let s = 0; s < 400; s++) {
    let item = Math.floor(uniform() * ITEMS)
    for (let e = 0; e < 3 + uniform() * 4; e++) {
      lines.push(`s${s},i${item},${1_700_000_000 + 3571 * s + 40 * e}`)
      item = (item + (uniform() < 0.7 ? 1 : 2)) % ITEMS
    }
  }
  await writeFile(at('log.csv'), lines.join('\n'))
  await writeFile(at('items.csv'), 'item_id,title\ni1,One\ni2,Two\nx,Unknown\n')
  // Items on a circle. Nobody ever saw the last two.
  const values = Array.from({ length: (ITEMS + 2) * 2 }, (_, i) => {
    const angle = (2 * Math.PI * Math.floor(i / 2)) / ITEMS
    return i % 2 ? Math.sin(angle) : Math.cos(angle)
  })
  await writeFile(at('circle.safetensors'), toyFile({ vectors: floats([ITEMS + 2, 2], values) }))
  await writeFile(at('ids.jsonl'), Array.from({ length: ITEMS + 2 }, (_, i) => `"i${i}"`).join('\n'))
})
afterAll(() => rm(folder, { recursive: true }))

async function run(...args: string[]) {
  const program = new Command().exitOverride().configureOutput({ writeErr() {} })
  register(program)
  const printed: string[] = []
  const out = vi.spyOn(console, 'log').mockImplementation((line) => printed.push(line))
  const err = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  const files = ['--vectors', at('circle.safetensors'), '--ids', at('ids.jsonl')]
  try {
    await program.parseAsync(['node', 'nearside', 'import', ...files, ...args, '--json'])
  } finally {
    out.mockRestore()
    err.mockRestore()
  }
  return JSON.parse(printed.join('\n'))
}

test('with a log, neighbours, a blend and figures are made for the vectors', async () => {
  const imported = await run('--events', at('log.csv'), '--out', at('pack'), '--workers', '1')
  expect(imported).toMatchObject({
    items: ITEMS,
    vectors: { rows: ITEMS + 2, from: 2, dim: 8, kept: 1 },
    encoder: { kind: 'attention', given: false },
    itemsWithoutVector: 0,
    vectorsLeftOut: 2,
    log: { sessions: 400 },
  })
  expect(imported.validation.recall20).toBeGreaterThan(0.9)
  const { manifest } = await readPackFromDisk(at('pack'))
  expect(manifest).toMatchObject({ items: ITEMS, minSessions: 3, tables: ['session', 'next'] })
})

test('a mixed encoder goes into the pack unchanged', async () => {
  const D = 2
  const eye = [1, 0, 0, 1]
  const tensors = {
    attention: floats([D, D], eye),
    position: floats([2], [0, -1]),
    weight_ih_l0: floats([3 * D, D], [0, 0, 0, 0, 0, 0, 0, 0, ...eye]),
    weight_hh_l0: floats([3 * D, D], new Float32Array(3 * D * D)),
  }
  await writeFile(at('mixed.safetensors'), toyFile(tensors))
  const mixed = ['--encoder', at('mixed.safetensors'), '--events', at('log.csv'), '--workers', '1']
  const imported = await run(...mixed, '--out', at('mixed'))
  expect(imported).toMatchObject({ encoder: { kind: 'mixed', given: true } })
  expect(imported.validation.recall20).toBeGreaterThan(0.9)
  expect((await readPackFromDisk(at('mixed'))).manifest.encoder.kind).toBe('mixed')
})

test('without a log the vectors alone make a pack, which makes no claims about sessions', async () => {
  const imported = await run('--out', at('bare'))
  expect(imported).toMatchObject({ items: ITEMS + 2, validation: {}, log: null, vectorsLeftOut: 0 })
  expect((await readPackFromDisk(at('bare'))).manifest.minSessions).toBe(1)

  const known = await run('--catalog', at('items.csv'), '--out', at('catalogued'))
  expect(known).toMatchObject({ items: 3, itemsWithoutVector: 1, vectorsLeftOut: ITEMS })
})

test('ids that match neither log nor catalogue stop the import before any training', async () => {
  await writeFile(at('other.csv'), 'session_id,item_id,timestamp\na,1,1700000000\na,2,1700000300\n')
  await expect(run('--events', at('other.csv'), '--out', at('never'))).rejects.toThrow(
    'none of its items is in the log or catalogue; it has "i0", they have "1"',
  )
})

test('an error about a missing file names the file and its option', async () => {
  await expect(run('--encoder', at('none.safetensors'), '--out', at('never'))).rejects.toThrow(
    `--encoder ${at('none.safetensors')}: no such file`,
  )
})
