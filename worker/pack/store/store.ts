/** A store keeps packs between pages: bytes under flat names, in one of several places. */
export interface PackStore {
  /** The place, as `status()` reports it; `memory` if nothing is kept after the page. */
  readonly kind: 'opfs' | 'cache' | 'indexeddb' | 'memory'
  /** Reads the bytes. Resolves with undefined, or rejects, if the name does not exist or the place is blocked. */
  read(name: string): Promise<Uint8Array | undefined>
  /** Writes the bytes, and replaces earlier ones. Rejects if the place is blocked or full. */
  write(name: string, bytes: Uint8Array): Promise<void>
  /** May reject if the name does not exist. */
  delete(name: string): Promise<void>
  /** May reject if nothing was written yet. */
  list(): Promise<string[]>
}

/** One of the places. */
export interface Place extends PackStore {
  /**
   * Removes everything, also the place itself, and creates nothing while doing so.
   * @returns whether there was anything
   * @throws if the place is blocked, or something could not be removed
   */
  wipe(): Promise<boolean>
}
