/** `nearside inspect --privacy` as a user runs it, on a small shop. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { random } from '../maths/random.js'
import { register as registerInspect } from './inspect.js'
import { register as registerTrain } from './train.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'privacy-test-'))
  await writeFile(join(folder, 'log.csv'), visits(400, 1))
  await writeFile(join(folder, 'later.csv'), visits(150, 2))
})
afterAll(() => rm(folder, { recursive: true }))

/** Visitors who pick any of 150 items, so that almost no two visits are equal. */
function visits(sessions: number, seed: number): string {
  const uniform = random(seed)
  const lines = ['session_id,item_id,timestamp']
  for (let s = 0; s < sessions; s++) {
    for (let e = 0; e < 4; e++)
      lines.push(`s${s},i${Math.floor(uniform() * 150)},${1_700_000_000 + 3571 * s + 40 * e}`)
  }
  return lines.join('\n')
}

async function run(command: string): Promise<string> {
  const program = new Command().exitOverride().configureOutput({ writeErr() {} })
  registerTrain(program)
  registerInspect(program)
  const printed: string[] = []
  const out = vi.spyOn(console, 'log').mockImplementation((line) => printed.push(line))
  const err = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  try {
    await program.parseAsync(['node', 'nearside', ...command.replaceAll('@', folder).split(' ')])
  } finally {
    out.mockRestore()
    err.mockRestore()
  }
  return printed.join('\n')
}

test('single visits are found in a pack with k = 1, and the report says so in words', async () => {
  await run('train --events @/log.csv --out @/pack --dim 8 --workers 1 --min-sessions 1 --json')
  const { privacy } = JSON.parse(await run('inspect @/pack --privacy --events @/log.csv --workers 1 --json'))
  expect(privacy).toMatchObject({ k: 1, protocol: 'rehearsed', idsFromLog: true, notes: [] })
  expect(privacy.headlines.membership).toMatch(/^Yes, for most visits/)
  expect(privacy.membership.all.auc.value).toBeGreaterThan(0.9)
  expect(privacy.completion.tables.at20.ci95[0]).toBeGreaterThan(0.2)
  expect(privacy.difference.added).toBeGreaterThan(10)
  expect(privacy.difference.sessions.chain).toBeGreaterThan(0.5)

  const text = await run(
    'inspect @/pack --privacy --events @/log.csv --outsiders @/later.csv --before @/pack0 --workers 1'.replace(
      '@/pack0',
      await earlier(),
    ),
  )
  expect(text).toContain('What the pack reveals (k = 1; attacks on this pack)')
  expect(text).toContain(
    'Can an attacker tell whether a visit was in the training?  Yes, for most visits (AUC',
  )
  expect(text).toContain('Do not claim that it contains no personal data')
})

/** A pack of the first 350 visits. */
async function earlier(): Promise<string> {
  await writeFile(join(folder, 'earlier.csv'), visits(350, 1))
  await run('train --events @/earlier.csv --out @/before --dim 8 --workers 1 --min-sessions 1 --json')
  return join(folder, 'before')
}

test('an error names the option that is missing or wrong', async () => {
  await expect(run('inspect @/pack --privacy')).rejects.toThrow('--events')
  await expect(
    run('inspect @/before --privacy --events @/log.csv --outsiders @/later.csv --before @/pack'),
  ).rejects.toThrow('expected fewer before')
})
