/**
 * For tests in Node: as much of a page as the SDK touches. One call is one page; `storage` outlives it, as a browser's
 * does.
 */
import { expose } from 'comlink'
import { vi } from 'vitest'
import type { EngineApi, EngineEvent, EngineStatus, Ranking } from '../worker/protocol.js'
import type { Thread } from './thread/call.js'

const METHODS = {
  getItem(this: Record<string, string>, key: string) {
    return this[key] ?? null
  },
  setItem(this: Record<string, string>, key: string, value: string) {
    this[key] = `${value}`
  },
  removeItem(this: Record<string, string>, key: string) {
    delete this[key]
  },
}

/** localStorage, whose keys are those of an object. */
export function fakeStorage(): Record<string, string> {
  return Object.create(METHODS)
}

export interface FakePage {
  hide(): void
  show(): void
  leave(): void
  restore(): void
}

export function fakePage(storage: object, { gpc = false } = {}): FakePage {
  const target = new EventTarget()
  const document = { visibilityState: 'visible', baseURI: 'https://shop.example/home/' }
  // A browser's document has its properties from its prototype.
  vi.stubGlobal('document', Object.create(document))
  vi.stubGlobal('navigator', { globalPrivacyControl: gpc })
  vi.stubGlobal('localStorage', storage)
  vi.stubGlobal('addEventListener', target.addEventListener.bind(target))
  const turn = (state: string) => {
    document.visibilityState = state
    target.dispatchEvent(new Event('visibilitychange'))
  }
  return {
    hide: () => turn('hidden'),
    show: () => turn('visible'),
    leave() {
      target.dispatchEvent(new Event('pagehide'))
      turn('hidden')
    },
    restore() {
      target.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }))
      turn('visible')
    },
  }
}

const STATUS: EngineStatus = {
  version: '0',
  consent: 'unknown',
  pack: { state: 'ready', from: 'network' },
  events: { session: 0, stored: 0 },
  storage: 'memory',
}

/** The list backwards, as ids or as an order. */
export function backwards(ids: string[]): Ranking {
  const order = Uint32Array.from(ids, (_, i) => ids.length - 1 - i)
  return {
    by: 'device',
    order,
    ids: [...ids].reverse(),
    scores: Float32Array.from(ids, (_, i) => ids.length - i),
    sources: ids.map(() => 'session'),
    reasons: ids.map(() => [{ code: 'popular', weight: 1 }]),
  }
}

/** An engine that answers at once, and remembers what it was asked. */
export function fakeEngine(own: Partial<EngineApi> = {}) {
  const calls: { method: string; args: unknown[] }[] = []
  let listener: (event: EngineEvent) => void = () => {}
  const methods: EngineApi = {
    async start(config, tell) {
      listener = tell
      listener({ type: 'consent', state: config.consent })
      listener({ type: 'ready', from: 'network', sequence: 1 })
      return STATUS
    },
    async setConsent(state) {
      listener({ type: 'consent', state })
    },
    track: async (events) => events.map(({ id }) => id),
    rank: async ({ ids }) => backwards(ids),
    recommend: async () => backwards(['a', 'b']),
    similar: async () => backwards(['c', 'd']),
    explain: async (id) => ({ id, known: false, parts: [], because: [] }),
    export: async () => ({ consent: 'granted', kept: 'disk', events: [], profile: [], sentBytes: 0 }),
    forget: async () => {},
    status: async () => STATUS,
    stop: async () => {},
    ...own,
  }
  const engine = Object.fromEntries(
    Object.entries(methods).map(([method, act]) => [
      method,
      (...args: unknown[]) => {
        calls.push({ method, args })
        return (act as (...args: unknown[]) => unknown)(...args)
      },
    ]),
  )
  return {
    calls,
    /** What the page asked for, `status` left out: that is how it listens for a sign of life. */
    asked: (method: string) => calls.filter((call) => call.method === method).map(({ args }) => args[0]),
    tell: (event: EngineEvent) => listener(event),
    /** A worker that exposes this engine with Comlink. */
    spawn(): Thread & { dead: boolean; fail(message: string): void } {
      const { port1, port2 } = new MessageChannel()
      const errors = new EventTarget()
      expose(engine, port2 as never)
      return {
        dead: false,
        postMessage: (message: unknown, transfer: unknown) => port1.postMessage(message, transfer as never),
        addEventListener(type: string, heard: unknown) {
          const source = type === 'error' ? errors : port1
          source.addEventListener(type, heard as never)
          port1.start()
        },
        terminate() {
          this.dead = true
          port1.close()
          port2.close()
        },
        fail: (message) => errors.dispatchEvent(Object.assign(new Event('error'), { message })),
      }
    },
  }
}

/** Lets messages travel. */
export const settle = (ms = 20) => new Promise((resolve) => setTimeout(resolve, ms))
