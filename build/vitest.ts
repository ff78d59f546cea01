/** Runs Vitest in a process of its own, and shows its output as it comes. */
import { spawn } from 'node:child_process'
import { Interrupted } from './program.js'

/**
 * @returns Vitest's exit status
 * @throws {Interrupted} after Ctrl-C, once Vitest has closed its browsers
 */
export function vitest(args: readonly string[], env: Record<string, string> = {}): Promise<number> {
  const child = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...args], {
    stdio: 'inherit',
    env: { ...process.env, ...env },
  })
  let interrupted = false
  // The terminal sends the signal to Vitest too, so it is enough to note it here.
  const note = () => {
    interrupted = true
  }
  process.on('SIGINT', note)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code) => {
      process.off('SIGINT', note)
      if (interrupted) reject(new Interrupted())
      else resolve(code ?? 1)
    })
  })
}
