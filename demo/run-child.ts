/** Runs another Node program of the repository and shows its output. */
import { spawn } from 'node:child_process'

/**
 * @param signal ends the program
 * @throws Error when the program fails
 */
export function runChild(args: readonly string[], signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: 'inherit', signal })
    child.on('error', reject)
    child.on('exit', (code) => {
      if (code === 0) resolve()
      else reject(new Error(`node ${args.join(' ')}: ended with ${code ?? 'a signal'}`))
    })
  })
}
