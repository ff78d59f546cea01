/** Runs another Node program of the repository and shows its output. */
import { spawn } from 'node:child_process'
import { Interrupted } from '../build/program.js'

/**
 * @param signal ends the program
 * @throws {Error} when it fails, after it has said why
 * @throws {Interrupted} after Ctrl-C. The program is then killed: an interrupted training would go on to write a pack of what
 * it has by then.
 */
export function runChild(args: readonly string[], signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: 'inherit', signal })
    let interrupted = false
    const interrupt = () => {
      interrupted = true
      child.kill('SIGKILL')
    }
    process.on('SIGINT', interrupt)
    child.on('error', reject)
    child.on('exit', (code) => {
      process.off('SIGINT', interrupt)
      if (interrupted) reject(new Interrupted())
      else if (code === 0) resolve()
      else reject(new Error(`node ${args.join(' ')}: ended with ${code ?? 'a signal'}`))
    })
  })
}
