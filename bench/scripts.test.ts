/** Every script of the repository that a person calls explains itself, whatever else it needs. */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const scriptsOf = (folder: string): [name: string, command: string][] =>
  Object.entries(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).scripts as object)

/** What `npm test`, `npm run …` and `npm --prefix bench run …` start, as arguments of Node. */
const SCRIPTS: [name: string, args: string[]][] = [
  ['npm run demo', ['demo/run.mjs', 'start.ts']],
  ...scriptsOf('.').flatMap(([name, command]) =>
    ours(name === 'test' ? 'npm test' : `npm run ${name}`, command),
  ),
  ...scriptsOf('bench').flatMap(([name, command]) =>
    ours(`npm --prefix bench run ${name}`, command.replace('tsx ', 'tsx bench/')),
  ),
]

function ours(name: string, command: string): [name: string, args: string[]][] {
  const [runner, file] = command.split(' ')
  return runner === 'tsx' ? [[name, ['--import', 'tsx', file!]]] : []
}

function run(args: string[]): Promise<{ status: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args)
    const text = { stdout: '', stderr: '' }
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (part: string) => {
        text[stream] += part
      })
    }
    child.on('error', reject)
    child.on('close', (status) => resolve({ status, ...text }))
  })
}

test.each(SCRIPTS)('%s explains itself, and names an unknown option in one line', async (name, args) => {
  const [help, mistake] = await Promise.all([run([...args, '--help']), run([...args, '--nonsense'])])
  expect(help.stdout).toContain(`Usage: ${name} --`)
  expect(help.stdout).toMatch(/minute|second/)
  expect(help.stdout).toMatch(/Examples?:|Parts of it:/)
  expect(help.status).toBe(0)
  expect(mistake).toEqual({
    status: 2,
    stdout: '',
    stderr: `error: unknown option '--nonsense' (${name} -- --help shows all)\n`,
  })
})
