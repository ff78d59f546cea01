/** The worker's half of a measurement: one message in, one result or error out (see `driver.ts`). */
export function reply<Input, Output>(measure: (input: Input) => Promise<Output>): void {
  addEventListener('message', async ({ data }: MessageEvent<Input>) => {
    try {
      postMessage({ result: await measure(data) })
    } catch (error) {
      postMessage({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
    }
  })
}
