/**
 * The callee's half of Comlink's messages (https://github.com/GoogleChromeLabs/comlink), for plain method calls and
 * listeners: `src/thread/call.ts` is the caller's. Comlink itself, with its proxies of whole object graphs, would be a
 * tenth of the worker.
 */
import type { EngineApi } from './protocol.js'

/** What this needs of a worker's global scope, or of a port. */
export interface Channel {
  postMessage(message: unknown): void
  addEventListener(type: 'message', heard: (event: MessageEvent) => void): void
}

type Argument = { type: 'RAW'; value?: unknown } | { type: 'HANDLER'; value: MessagePort }

/** Answers calls of the engine's methods with what they return or throw. */
export function expose(engine: EngineApi, channel: Channel): void {
  channel.addEventListener('message', async ({ data }) => {
    // Extensions and frameworks send messages too.
    if (data?.type !== 'APPLY') return
    const { id, path, argumentList } = data
    try {
      const act = engine[path[0] as keyof EngineApi] as (...args: unknown[]) => unknown
      const value = await act.apply(engine, argumentList.map(argumentOf))
      channel.postMessage({ id, type: 'RAW', value })
    } catch (error) {
      const { name, message, stack } = error as Error
      channel.postMessage({
        id,
        type: 'HANDLER',
        name: 'throw',
        value: { isError: true, value: { name, message, stack } },
      })
    }
  })
}

/** A function comes as the near end of a port. */
function argumentOf({ type, value }: Argument): unknown {
  if (type === 'RAW') return value
  // Its answers are of no interest, and dropped once the port is started.
  value.start()
  return (argument: unknown) =>
    value.postMessage({ type: 'APPLY', path: [], argumentList: [{ type: 'RAW', value: argument }] })
}
