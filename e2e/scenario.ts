/**
 * A scenario has acts and tests. Acts run in a test page and return a result. Tests call acts and check the results. Neither
 * knows which driver moves the browser: see the folder `drivers`.
 *
 * A scenario file is loaded twice: by the test runner for its tests, and, bundled, by the test page for its acts. So it may
 * only import what both can load. Acts load the built SDK from the site.
 */
import type { ExpectStatic } from 'vitest'
import type { WireEvent } from '../worker/protocol.js'
import type { EncoderTensors } from '../worker/session/encoder.js'
import type { PackFiles } from './packs.js'
import type { Reference } from './reference.js'
import type { Page, Site } from './site.js'

/** Arguments and results must be values that JSON can hold. */
// biome-ignore lint/suspicious/noExplicitAny: each act has its own arguments, which `run` infers.
export type Acts = Record<string, (...args: any[]) => unknown>

export interface Tab<A extends Acts> {
  /** Runs an act in the page; rejects with what it throws. */
  run<K extends keyof A>(act: K, ...args: Parameters<A[K]>): Promise<Awaited<ReturnType<A[K]>>>
  /** Opens a path on the shop's origin, or a whole URL. Resolves at the load event. */
  goto(url: string): Promise<void>
  reload(): Promise<void>
  back(): Promise<void>
  /** Clicks the first element that matches. If that navigates, waits for the load event of the next page. */
  click(selector: string): Promise<void>
  scroll(pixels: number): Promise<void>
  close(): Promise<void>
  /** Errors and unhandled rejections of the page so far, and console errors. */
  readonly errors: string[]
  /** Console warnings of the page and its workers, if the driver can see them. */
  readonly warnings: string[]
}

export interface Stage<A extends Acts> {
  readonly site: Site
  readonly expect: ExpectStatic
  /** All requests of pages and workers, to any host. */
  readonly requested: { method: string; url: string }[]
  /** Opens a tab. All tabs of a test belong to one visitor. */
  open(url?: string): Promise<Tab<A>>
  /**
   * Opens a page without a driver attached, because Chromium prerenders only for such pages. The page reports its results
   * by requests, see `told`.
   */
  openAlone(url: string): Promise<void>
  /** Waits for the nth report of a page, sent with `fetch('/told?' + encodeURIComponent(JSON.stringify(…)))`. */
  told(n: number): Promise<unknown>
  /** Serves a page with the acts of this scenario, and returns its path. */
  page(page?: Page): string
  /** Serves a page under a second path too. */
  alias(path: string, page: string): void
  /** The nth release of the shop's pack, signed; and a release with its manifest changed and signed again. */
  release(sequence: number): PackFiles
  altered(pack: PackFiles, change: (manifest: Record<string, unknown>) => void): PackFiles
  /** The first release with an encoder of this kind. */
  withEncoder(kind: EncoderTensors['kind']): PackFiles
  /** What the engine answers in Node, after these events. */
  reference(pack: PackFiles, events: WireEvent[]): Promise<Reference>
  /** Public key of the releases. */
  readonly key: string
  /** Sets what `/packs/shop/` holds from now on. Before the first call it holds the first release. */
  publish(pack: PackFiles): void
  offline(on: boolean): Promise<void>
  /** Limits the bytes that the shop's origin may store. */
  quota(bytes: number): Promise<void>
  /** Clears the origin's IndexedDB, as a visitor does in the browser's settings. */
  clearDatabases(): Promise<void>
}

export interface Scenario<A extends Acts = Acts> {
  name: string
  acts: A
  /** True if the scenario needs nothing that only Chromium can do. Then other browsers run it too. */
  everywhere?: boolean
  /** Command-line switches that the browser needs. It is then started again for this scenario. */
  flags?: string[]
  /** Switches that the driver sets by default and that this scenario must not have. */
  withoutFlags?: string[]
  tests: Record<string, (stage: Stage<A>) => Promise<void>>
}

export function scenario<A extends Acts>(scenario: Scenario<A>): Scenario<A> {
  return scenario
}
