/** Runs the built command line as a user would, and reads what it prints with `--json`. Its progress goes to the terminal. */
import { spawn } from 'node:child_process'
import { Interrupted } from '../../build/program.js'
import { ROOT } from './results.js'

/** @throws when the command fails, which says why by itself */
export function nearside<T>(command: string, ...options: string[]): Promise<T> {
  return printed<T>([`${ROOT}/build/nearside.mjs`, command, '--json', ...options])
}

/**
 * Runs a Node program that prints one JSON value.
 * @throws {Interrupted} after Ctrl-C. The program is killed: an interrupted `nearside train` would go on to write a pack of
 * what it has by then, and that is not what was to be measured.
 */
export function printed<T>(args: readonly string[]): Promise<T> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] })
    let text = ''
    let interrupted = false
    const interrupt = () => {
      interrupted = true
      child.kill('SIGKILL')
    }
    process.on('SIGINT', interrupt)
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      text += part
    })
    child.on('error', reject)
    child.on('close', (status) => {
      process.off('SIGINT', interrupt)
      if (interrupted) reject(new Interrupted())
      else if (status !== 0) reject(new Error(`node ${args.join(' ')} ended with ${status}`))
      else resolve(JSON.parse(text) as T)
    })
  })
}
