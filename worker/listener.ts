/**
 * The page's listener, as the worker gets it: Comlink sends a function as the far end of a port, and calls are messages to
 * that. A listener is only ever called, and its answers are of no interest, so that this transfer handler can stand in for
 * Comlink's own, whose proxies of whole object graphs would cost more of the worker's bytes than the rest of Comlink.
 */
import { type TransferHandler, transferHandlers } from 'comlink'

type Listener = (value: unknown) => void

/** Only the receiving half: the worker sends no functions. */
transferHandlers.set('proxy', {
  canHandle: (_value): _value is Listener => false,
  deserialize(port) {
    // Answers are dropped once the port is started.
    port.start()
    return (value) => port.postMessage({ type: 'APPLY', argumentList: [{ type: 'RAW', value }] })
  },
} as TransferHandler<Listener, MessagePort>)
