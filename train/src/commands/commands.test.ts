/** The commands as a user runs them, on a small shop. */
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { random } from '../maths/random.js'
import { Interrupted } from '../running/interrupt.js'
import { register as registerEvaluate } from './evaluate.js'
import { register as registerTrain } from './train.js'

let folder: string
let log: string
let later: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'commands-test-'))
  log = join(folder, 'log.csv')
  later = join(folder, 'later.csv')
  await writeFile(log, walks(600, 1))
  await writeFile(later, walks(60, 2))
})
afterAll(() => rm(folder, { recursive: true }))

/** Visitors who mostly go from one item to the next, of 40 items. */
function walks(sessions: number, seed: number): string {
  const uniform = random(seed)
  const lines = ['session,sku,timestamp']
  for (let s = 0; s < sessions; s++) {
    let item = Math.floor(uniform() * 40)
    for (let e = 0; e < 2 + uniform() * 5; e++) {
      lines.push(`s${s},i${item},${1_700_000_000 + 3571 * s + 40 * e}`)
      item = uniform() < 0.8 ? (item + 1) % 40 : Math.floor(uniform() * 40)
    }
  }
  return lines.join('\n')
}

/** Called for each line of progress. */
let onLine: (line: string) => void = () => {}

async function run(...args: string[]): Promise<string> {
  const program = new Command().exitOverride().configureOutput({ writeErr() {} })
  registerTrain(program)
  registerEvaluate(program)
  for (const command of program.commands) command.copyInheritedSettings(program)
  const printed: string[] = []
  const out = vi.spyOn(console, 'log').mockImplementation((line) => printed.push(line))
  const err = vi.spyOn(process.stderr, 'write').mockImplementation((line) => {
    onLine(String(line))
    return true
  })
  try {
    await program.parseAsync(['node', 'nearside', ...args])
  } finally {
    out.mockRestore()
    err.mockRestore()
  }
  return printed.join('\n')
}

const training = (out: string) =>
  `train --events ${log} --columns session=session,item=sku --dim 16 --workers 1 --out ${out}`.split(' ')

test('a bad rule ends the run before the log is read, with the file, the rule and what is expected', async () => {
  const rules = join(folder, 'rules.json')
  await writeFile(rules, '[{ "kind": "cap", "name": "mixed", "by": "brand", "most": "two", "within": 8 }]')
  const out = join(folder, 'ruled')
  await expect(run('train', '--events', log, '--rules', rules, '--out', out)).rejects.toThrow(
    `${rules}: rule 1 ("mixed"): most is "two", expected a whole number from 1 to 9999`,
  )
  expect(existsSync(out)).toBe(false)
})

test('train and evaluate print all documented figures, and the pack beats popularity', async () => {
  const pack = join(folder, 'pack')
  const trained = JSON.parse(await run(...training(pack), '--json'))
  expect(trained).toMatchObject({ pack, items: 40, sessions: 600, log: { time: 'real', bad: { rows: 0 } } })
  for (const figure of ['events', 'seconds', 'cpuSeconds', 'peakMemoryMB']) {
    expect(trained[figure], figure).toBeGreaterThan(0)
  }
  expect(trained.validation).toBeTypeOf('object')
  expect(trained.cleaning).toMatchObject({
    bots: 0,
    runaways: 0,
    duplicates: 0,
    refreshes: expect.any(Number),
  })

  const evaluating = ['evaluate', '--pack', pack, '--events', later, '--columns', 'session=session,item=sku']
  const found = JSON.parse(await run(...evaluating, '--train', log, '--k', '5,3', '--json'))
  expect(Object.keys(found.recall)).toEqual(['3', '5'])
  for (const figure of ['mrr', 'ndcg', 'map', 'precision', 'coverage']) {
    expect(Object.keys(found[figure])).toEqual(['3', '5'])
  }
  expect(found.recall['5']).toBeGreaterThan(0.6)
  expect(found.recall['5']).toBeGreaterThan(found.baselines.popularity.recall['5'])
  expect(found.ci95.recall5[0]).toBeLessThanOrEqual(found.recall['5'])
  expect(found).toMatchObject({ sampled: false, sessions: 60, pack: { items: 40, minSessions: 3 } })
  for (const figure of ['files', 'bytes', 'wireBytes', 'wireBytesGzip', 'bytesPerItem']) {
    expect(found.pack[figure], figure).toBeGreaterThan(0)
  }
  expect(Object.keys(found.baselines)).toContain('vsknn')
  expect(found.latencyMs.p95).toBeGreaterThanOrEqual(found.latencyMs.p50)

  const report = join(folder, 'report.html')
  const table = await run(...evaluating, '--report', report)
  expect((await readFile(report, 'utf8')).includes('<h2>What was measured</h2>')).toBe(true)
  expect(table).toContain('recall@20')
  expect(table).not.toContain('VSKNN')
})

test('evaluate warns of sessions that the pack was trained on', async () => {
  const pack = join(folder, 'seen')
  await run(...training(pack))
  const evaluating = async (events: string, ...more: string[]) => {
    const said: string[] = []
    onLine = (line) => line.startsWith('Warning') && said.push(line)
    const columns = ['--columns', 'session=session,item=sku']
    const found = JSON.parse(
      await run('evaluate', '--pack', pack, '--events', events, ...columns, ...more, '--json'),
    )
    onLine = () => {}
    return { overlap: found.overlap, said: said.join('') }
  }
  const report = join(folder, 'seen.html')
  const same = await evaluating(log, '--train', log, '--report', report, '--sample', '50')
  expect(same.overlap).toEqual({ sessions: 600, of: 600, by: 'train' })
  expect(same.said).toMatch(/^Warning: 600 of 600 test sessions are also in the training log.*\n$/)
  expect(await readFile(report, 'utf8')).toContain('600 of 600 test sessions')
  expect((await evaluating(log)).said).toContain("ended before the pack's training log did")
  const other = await evaluating(later, '--train', log)
  expect(other).toEqual({ overlap: { sessions: 0, of: 60, by: 'train' }, said: '' })
})

test('an interrupted run writes no pack and does not change an earlier one', async () => {
  const pack = join(folder, 'interrupted')
  const stopped = async () => {
    const running = run(...training(pack))
    setTimeout(() => process.emit('SIGINT'), 20)
    await expect(running).rejects.toThrow(Interrupted)
  }
  await stopped()
  expect(existsSync(pack)).toBe(false)
  await run(...training(pack))
  const before = [await readdir(pack), await readFile(join(pack, 'manifest.json'), 'utf8')]
  await stopped()
  expect([await readdir(pack), await readFile(join(pack, 'manifest.json'), 'utf8')]).toEqual(before)
})

test('Ctrl-C during training writes a pack from what was learned, and says so', async () => {
  const pack = join(folder, 'stopped')
  onLine = (line) => line.startsWith('quantisation:') && process.emit('SIGINT')
  const told = await run(...training(pack))
  onLine = () => {}
  expect(told).toContain('stopped early')
  const { lineage } = JSON.parse(await readFile(join(pack, 'manifest.json'), 'utf8'))
  expect(lineage).toMatchObject({ cutShort: { phase: 'validation', done: 1 }, sessions: 570 })
  const found = JSON.parse(
    await run(
      'evaluate',
      '--pack',
      pack,
      '--events',
      later,
      '--columns',
      'session=session,item=sku',
      '--json',
    ),
  )
  expect(found.recall['10']).toBeGreaterThan(0.6)
})

test('an output folder that cannot hold a pack is reported before the training', async () => {
  await expect(run(...training(log))).rejects.toThrow(`${log} is a file: a pack is a folder`)
  await expect(run(...training(join(log, 'shop')))).rejects.toThrow('no pack can be written there')
})

test('errors about wrong options say what is expected', async () => {
  await expect(run(...training('x'), '--attributes', 'colour')).rejects.toThrow('add --catalog')
  await expect(run(...training('x'), '--from', 'y', '--dim', '32')).rejects.toThrow('leave --dim out')
  await expect(run('train', '--events', log, '--out', 'x', '--sede', '1')).rejects.toThrow('--seed')
  await expect(run(...training('x'), '--dim', 'many')).rejects.toThrow('whole number from 8 to 128')
  await expect(run('evaluate', '--pack', 'x', '--events', log, '--parts', 'all')).rejects.toThrow('session')
  await expect(run('evaluate', '--pack', join(folder, 'none'), '--events', log)).rejects.toThrow(
    'no such file',
  )
})
