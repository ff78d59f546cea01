/** Runs the built command line as a user would, and reads what it prints with `--json`. Its progress goes to the terminal. */
import { spawn } from 'node:child_process'
import { Interrupted } from '../../build/program.js'
import { ROOT } from './results.js'

/**
 * @throws {Error} when the command fails, after it has said why
 * @throws {Interrupted} after Ctrl-C. The command is then killed: an interrupted `nearside train` would go on to write a pack
 * of what it has by then, and that is not what was to be measured.
 */
export function nearside<T>(command: string, ...options: string[]): Promise<T> {
  const args = [`${ROOT}/build/nearside.mjs`, command, '--json', ...options]
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
      else if (status !== 0)
        reject(new Error(`nearside ${command} ${options.join(' ')} ended with ${status}`))
      else resolve(JSON.parse(text) as T)
    })
  })
}
