/** Another program of the repository, its output shown as it comes. */
import { spawn } from 'node:child_process'

/** @throws Error when it fails, after it has said why */
export function runChild(args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: 'inherit' })
    child.on('error', reject)
    child.on('exit', (code) => {
      if (code === 0) resolve()
      else reject(new Error(`node ${args.join(' ')}: ended with ${code ?? 'a signal'}`))
    })
  })
}
