/** `nearside evaluate --task rank` as a user runs it, on a small shop. */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { random } from '../maths/random.js'
import { register as registerEvaluate } from './evaluate.js'
import { register as registerTrain } from './train.js'

let folder: string
let pack: string
let log: string
let later: string
const { TMPDIR } = process.env

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evaluate-rank-'))
  // The stale model is kept in the folder for temporary files.
  process.env.TMPDIR = folder
  ;[pack, log, later] = ['pack', 'log.csv', 'later.csv'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ]
  await writeFile(log, walks(500, 1))
  await writeFile(later, walks(80, 2))
  await run(
    'train',
    '--events',
    log,
    '--dim',
    '16',
    '--encoder',
    'attention',
    '--workers',
    '1',
    '--out',
    pack,
  )
})
afterAll(async () => {
  if (TMPDIR === undefined) delete process.env.TMPDIR
  else process.env.TMPDIR = TMPDIR
  await rm(folder, { recursive: true })
})

/** Visitors who mostly go from one of 40 items to the next, and sometimes back. */
function walks(sessions: number, seed: number): string {
  const uniform = random(seed)
  const lines = ['session_id,item_id,timestamp']
  for (let s = 0; s < sessions; s++) {
    let item = Math.floor(uniform() * 40)
    for (let e = 0; e < 2 + uniform() * 5; e++) {
      lines.push(`${seed}-${s},i${item},${1_700_000_000 + 1e6 * seed + 3571 * s + 40 * e}`)
      const choice = uniform()
      item = choice < 0.7 ? (item + 1) % 40 : choice < 0.9 ? (item + 39) % 40 : Math.floor(uniform() * 40)
    }
  }
  return lines.join('\n')
}

async function run(...args: string[]): Promise<string> {
  const program = new Command().exitOverride().configureOutput({ writeErr() {} })
  registerTrain(program)
  registerEvaluate(program)
  for (const command of program.commands) command.copyInheritedSettings(program)
  const printed: string[] = []
  const out = vi.spyOn(console, 'log').mockImplementation((line) => printed.push(line))
  const err = vi.spyOn(process.stderr, 'write').mockImplementation(() => true)
  try {
    await program.parseAsync(['node', 'nearside', ...args])
  } finally {
    out.mockRestore()
    err.mockRestore()
  }
  return printed.join('\n')
}

const asked = (...more: string[]) => [
  'evaluate',
  '--task',
  'rank',
  '--pack',
  pack,
  '--events',
  later,
  ...more,
]

test('it prints the figures of every list, length of the visit and order, and what lies below the server', async () => {
  const found = JSON.parse(await run(...asked('--train', log, '--json')))
  expect(Object.keys(found.sources)).toEqual(['item-knn', 'stale', 'popularity', 'category'])
  expect(found).toMatchObject({
    task: 'rank',
    sessions: 80,
    sampled: false,
    pack: { minSessions: 3 },
  })
  for (const cells of Object.values<Record<string, Record<string, number & number[]>>>(found.sources)) {
    expect(Object.keys(cells)).toEqual(
      expect.arrayContaining(['0', '1', '2', '3', '5', 'pooled', 'pooledNew']),
    )
    for (const { server, seenFirst, nearside, oracle, recall, ci95 } of Object.values(cells)) {
      for (const figure of [server, seenFirst, nearside]) {
        expect(figure).toBeGreaterThanOrEqual(0)
        expect(figure).toBeLessThanOrEqual(oracle!)
      }
      expect(recall).toBe(oracle)
      expect(ci95![0]).toBeLessThanOrEqual(nearside! - server! + 1e-9)
      expect(ci95![1]).toBeGreaterThanOrEqual(nearside! - server! - 1e-9)
    }
  }
  // Where all visitors get the same list, their own order is far better.
  const { server, nearside, ci95 } = found.sources.popularity.pooled
  expect(nearside).toBeGreaterThan(1.5 * server)
  expect(ci95[0]).toBeGreaterThan(0)
  for (const name of found.below) {
    const [list, cell] = name.split('/')
    expect(found.sources[list][cell]).toBeDefined()
  }

  // The stale model was kept, so the same question costs no training and has the same answer.
  const kept = (await readdir(folder)).filter((name) => name.startsWith('nearside-stale-'))
  expect(kept).toHaveLength(1)
  const again = JSON.parse(await run(...asked('--train', log, '--stale', join(folder, kept[0]!), '--json')))
  expect(again.sources).toEqual(found.sources)
}, 120_000)

test("the shop's own lists are asked about where the log has their impressions", async () => {
  const shown = join(folder, 'shown.csv')
  const lines = ['session_id,item_id,timestamp,event_type,position,request_id']
  for (let s = 0; s < 30; s++) {
    const at = 1_703_000_000 + 5000 * s
    const item = (n: number) => `i${(s + n) % 40}`
    lines.push(`v${s},${item(0)},${at},view_item,,`)
    for (let p = 0; p < 12; p++) lines.push(`v${s},${item(12 - p)},${at + 60},view_item_list,${p},list${s}`)
    // The next item stands at the bottom of the list.
    lines.push(`v${s},${item(1)},${at + 90},view_item,11,list${s}`)
  }
  await writeFile(shown, lines.join('\n'))
  const args = ['evaluate', '--task', 'rank', '--pack', pack, '--events', shown, '--json']
  const { sources, below } = JSON.parse(await run(...args))
  expect(sources.logged['1']).toMatchObject({ predictions: 30, recall: 1, server: 0 })
  expect(sources.logged['1'].nearside).toBeGreaterThan(0.5)
  expect(below).not.toContain('logged/1')
})

test('without --json it prints a table for each list', async () => {
  const text = await run(...asked('--sample', '20'))
  expect(text).toContain('20 sessions (a random sample)')
  expect(text).toContain('popularity: what most visitors look at')
  expect(text).toContain('left out: item-knn needs --train')
  expect(text).toMatch(/t = 1 +20/)
})

test('--stale is refused where there is no server to compare with', async () => {
  await expect(run('evaluate', '--pack', pack, '--events', later, '--stale', pack)).rejects.toThrow(
    'only with --task rank',
  )
})
