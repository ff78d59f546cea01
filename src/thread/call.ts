/**
 * Calls to the worker, which exposes its engine with Comlink (https://github.com/GoogleChromeLabs/comlink). This is the
 * caller's half of Comlink's messages, for plain method calls and listeners, in a fifth of the bytes: a page that
 * loads 5 KB has no room for proxies of whole object graphs.
 */
import type { EngineApi } from '../../worker/protocol.js'

export type Thread = Pick<Worker, 'postMessage' | 'addEventListener' | 'terminate'>

export type Answer<M extends keyof EngineApi> = Awaited<ReturnType<EngineApi[M]>>

/** Rejects with what the method throws. Never settles when the worker is dead. */
export type Call = <M extends keyof EngineApi>(
  method: M,
  ...args: Parameters<EngineApi[M]>
) => Promise<Answer<M>>

type WireValue =
  | { type: 'RAW'; value?: unknown }
  | { type: 'HANDLER'; name: 'proxy'; value: MessagePort }
  | { type: 'HANDLER'; name: 'throw'; value: { value: unknown } }

export function caller(thread: Thread): Call {
  const open = new Map<string, (reply: WireValue) => void>()
  let calls = 0
  thread.addEventListener('message', (event) => {
    const { data } = event as MessageEvent<WireValue & { id: string }>
    open.get(data?.id)?.(data)
    open.delete(data?.id)
  })
  return (method, ...args) =>
    new Promise((resolve, reject) => {
      const id = `${++calls}`
      open.set(id, ({ type, value }) => {
        if (type === 'RAW') resolve(value as never)
        else reject((value as { value: unknown }).value)
      })
      const ports: MessagePort[] = []
      const argumentList = args.map((value): WireValue => {
        if (typeof value !== 'function') return { type: 'RAW', value }
        const port = listening(value)
        ports.push(port)
        return { type: 'HANDLER', name: 'proxy', value: port }
      })
      thread.postMessage({ id, type: 'APPLY', path: [method], argumentList }, ports)
    })
}

/** The far end of a listener: the other side calls it as a function, and waits for each call to be answered. */
function listening(listener: (value: never) => void): MessagePort {
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = ({ data: { id, type, argumentList } }) => {
    if (type === 'APPLY') listener(argumentList[0].value as never)
    port1.postMessage({ id, type: 'RAW' })
  }
  return port2
}
