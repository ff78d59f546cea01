/** Where packs are kept between pages: flat names to bytes, in one of several places. */
export interface PackStore {
  /** The place, as it is told in `status()`; `memory` when nothing is kept beyond the page. */
  readonly kind: 'opfs' | 'cache' | 'indexeddb' | 'memory'
  /** The bytes; undefined, or a rejection, when there is nothing of that name or the place is blocked. */
  read(name: string): Promise<Uint8Array | undefined>
  /** Replaces what is there. Rejects when the place is blocked or full. */
  write(name: string, bytes: Uint8Array): Promise<void>
  /** May reject when there is nothing of that name. */
  delete(name: string): Promise<void>
  /** May reject when nothing has been written. */
  list(): Promise<string[]>
}

/** One of the places. */
export interface Place extends PackStore {
  /**
   * Removes everything, the place itself too, and creates nothing on the way.
   * @returns whether there was anything
   * @throws when the place is blocked, or something could not be removed
   */
  wipe(): Promise<boolean>
}
