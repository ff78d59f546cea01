/**
 * What a scenario is: acts, which run in a test page and return a result, and tests, which drive pages through acts
 * and look at the results. Neither knows which driver stands behind a tab: `stage.ts` has the one on Playwright.
 *
 * A scenario file is loaded twice, by the test runner for its tests and, bundled, by the test page for its acts. So
 * it imports nothing that only one of the two could load; acts load the SDK as it was built, from the site.
 */
import type { ExpectStatic } from 'vitest'
import type { WireEvent } from '../worker/protocol.js'
import type { EncoderTensors } from '../worker/session/encoder.js'
import type { PackFiles } from './packs.js'
import type { Reference } from './reference.js'
import type { Page, Site } from './site.js'

/** Arguments and results must survive JSON. */
// biome-ignore lint/suspicious/noExplicitAny: each act has its own arguments, which `run` infers.
export type Acts = Record<string, (...args: any[]) => unknown>

export interface Tab<A extends Acts> {
  /** Runs an act in the page; rejects with what it throws. */
  run<K extends keyof A>(act: K, ...args: Parameters<A[K]>): Promise<Awaited<ReturnType<A[K]>>>
  /** Path on the shop's origin, or a whole URL. Resolves at the load event. */
  goto(url: string): Promise<void>
  reload(): Promise<void>
  back(): Promise<void>
  /** Clicks what the selector finds first and, where that navigates, waits for the next page's load event. */
  click(selector: string): Promise<void>
  scroll(pixels: number): Promise<void>
  close(): Promise<void>
  /** Errors and unhandled rejections of the page so far, and console errors. */
  readonly errors: string[]
  /** Warnings in the console, of the page and of its workers, where the driver is told of them. */
  readonly warnings: string[]
}

export interface Stage<A extends Acts> {
  readonly site: Site
  readonly expect: ExpectStatic
  /** Everything that pages and workers have asked for, of any host. */
  readonly requested: { method: string; url: string }[]
  /** Opens a tab of the one visitor of this test. */
  open(url?: string): Promise<Tab<A>>
  /**
   * Opens a page without a driver attached: only for such does Chromium prerender. The page tells what it finds by
   * requests, see `told`.
   */
  openAlone(url: string): Promise<void>
  /** What a page has told with `fetch('/told?' + encodeURIComponent(JSON.stringify(…)))`; waits for the nth time. */
  told(n: number): Promise<unknown>
  /** A page with the acts of this scenario. */
  page(page?: Page): string
  /** Serves a page under another path too. */
  alias(path: string, page: string): void
  /** The nth release of the shop's pack, signed, and one with its manifest changed and signed anew. */
  release(sequence: number): PackFiles
  altered(pack: PackFiles, change: (manifest: Record<string, unknown>) => void): PackFiles
  /** The first release with an encoder of this kind. */
  withEncoder(kind: EncoderTensors['kind']): PackFiles
  /** What the engine says in Node, after these events. */
  reference(pack: PackFiles, events: WireEvent[]): Promise<Reference>
  /** Public key of the releases. */
  readonly key: string
  /** What `/packs/shop/` holds from now on; the first release before. */
  publish(pack: PackFiles): void
  offline(on: boolean): Promise<void>
  /** Bytes that the shop's origin may store. */
  quota(bytes: number): Promise<void>
  /** The browser clears the origin's IndexedDB, as a visitor does in its settings. */
  clearDatabases(): Promise<void>
}

export interface Scenario<A extends Acts = Acts> {
  name: string
  acts: A
  /** Asks for nothing that only Chromium can be made to do, so that other browsers run it too. */
  everywhere?: boolean
  /** Switches for the browser, where one can only be had that way; it is started anew for this file then. */
  flags?: string[]
  /** Switches that the driver sets by default and this scenario must not have. */
  withoutFlags?: string[]
  tests: Record<string, (stage: Stage<A>) => Promise<void>>
}

export function scenario<A extends Acts>(scenario: Scenario<A>): Scenario<A> {
  return scenario
}
