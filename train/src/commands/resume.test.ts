/** A training that is killed, as a user experiences it: the built command, and a signal that no program can catch. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { random } from '../maths/random.js'

const command = join(import.meta.dirname, '../../../build/nearside.mjs')
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resume-test-'))
  const uniform = random(3)
  const lines = ['session_id,item_id,timestamp']
  for (let s = 0; s < 1500; s++) {
    let item = Math.floor(uniform() * 100)
    for (let e = 0; e < 2 + uniform() * 6; e++) {
      lines.push(`s${s},i${item},${1_700_000_000 + 3571 * s + 40 * e}`)
      item = uniform() < 0.7 ? (item + 1) % 100 : Math.floor(uniform() * 100)
    }
  }
  await writeFile(join(folder, 'log.csv'), lines.join('\n'))
  // Builds the command if that has not been done.
  spawnSync(process.execPath, [command, '--version'])
}, 120_000)
afterAll(() => rm(folder, { recursive: true }))

/** With a fixed creation time, two equal packs have the same bytes. */
const env = { ...process.env, SOURCE_DATE_EPOCH: '1700000000' }
const training = (out: string) =>
  `${command} train --events log.csv --encoder attention --dim 16 --workers 1 --checkpoint-every 1 --out ${out}`.split(
    ' ',
  )

const bytesOf = (pack: string) =>
  new Map(
    readdirSync(join(folder, pack))
      .sort()
      .map((file) => [file, readFileSync(join(folder, pack, file)).toString('base64')]),
  )

test('a killed training continues when it is run again, and gives the same bytes', async () => {
  const run = (out: string) =>
    spawnSync(process.execPath, training(out), { cwd: folder, env, encoding: 'utf8' })
  expect(run('whole').stderr).not.toContain('Going on')

  const checkpoint = join(folder, '.killed.checkpoint')
  for (const state of ['attention-on-1425-sessions.state', 'training.state']) {
    const child = spawn(process.execPath, training('killed'), { cwd: folder, env, stdio: 'ignore' })
    const ended = once(child, 'exit')
    while (child.exitCode === null && !existsSync(join(checkpoint, state))) await setTimeout(5)
    child.kill('SIGKILL')
    expect((await ended)[1], state).toBe('SIGKILL')
  }
  const { stderr } = run('killed')
  expect(stderr).toContain('Continuing the training')
  expect(bytesOf('killed')).toEqual(bytesOf('whole'))
  expect(readdirSync(folder).sort()).toEqual(['killed', 'log.csv', 'whole'])
}, 240_000)
