/** Runs the built command line as a user would, and reads what it prints with `--json`; its progress goes on to the terminal. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

/** @throws when the command fails, which says why by itself */
export function nearside<T>(command: string, ...options: string[]): T {
  const { status, stdout } = spawnSync(
    process.execPath,
    ['build/nearside.mjs', command, '--json', ...options],
    {
      cwd: join(import.meta.dirname, '..'),
      encoding: 'utf8',
      maxBuffer: 1 << 26,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  if (status !== 0) throw new Error(`nearside ${command} ${options.join(' ')} ended with ${status}`)
  return JSON.parse(stdout)
}
