/** Runs a measurement in a worker of a real page, and returns its result. */
import type { Page } from 'playwright'

/**
 * @param worker URL of a module worker that uses `reply`
 * @throws {Error} with the worker's own stack when it fails
 */
export async function inWorker<Output>(page: Page, worker: string, input: unknown): Promise<Output> {
  const answer = await page.evaluate(
    ({ worker, input }) =>
      new Promise<{ result?: unknown; error?: string }>((resolve) => {
        const instance = new Worker(worker, { type: 'module' })
        instance.onmessage = ({ data }) => {
          instance.terminate()
          resolve(data)
        }
        instance.onerror = ({ message }) => resolve({ error: message || `${worker} does not load` })
        instance.postMessage(input)
      }),
    { worker, input },
  )
  if (answer.error !== undefined) throw new Error(`${worker}: ${answer.error}`)
  return answer.result as Output
}
