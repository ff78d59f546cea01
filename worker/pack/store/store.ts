/** Where packs are kept between pages: flat names to bytes, in one of several places. */
export interface PackStore {
  /** The place, as it is told in `status()`. */
  readonly kind: 'opfs' | 'cache' | 'indexeddb' | 'memory'
  /** The bytes, or undefined when there is nothing of that name. */
  read(name: string): Promise<Uint8Array | undefined>
  /** Replaces what is there. Rejects when the place is blocked or full. */
  write(name: string, bytes: Uint8Array): Promise<void>
  delete(name: string): Promise<void>
  list(): Promise<string[]>
  /** Removes everything, the place itself too, and creates nothing on the way. */
  wipe(): Promise<void>
}
