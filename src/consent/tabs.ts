/**
 * Tells other pages of a denial. Workers tell each other too, and all pages notice when the record of a grant is gone. Both
 * are not enough: a page's worker may still be loading, and a visitor who denies may never have granted.
 */

export interface Denials {
  /** @param grant record of the grant that is withdrawn */
  tell(grant: string | undefined): void
  close(): void
}

/** @param heard called when another page denies, with the record of the grant that was withdrawn there */
export function denials(heard: (grant: string | undefined) => void): Denials {
  const channel = globalThis.BroadcastChannel && new BroadcastChannel('nearside:consent')
  if (channel)
    channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      const { denied, grant } = Object(data)
      if (denied === true) heard(grant)
    }
  return {
    tell: (grant) => channel?.postMessage({ denied: true, grant }),
    close: () => channel?.close(),
  }
}
