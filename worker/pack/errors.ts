/** Why a pack was refused. */
export type PackErrorCode =
  | 'too-large'
  | 'truncated'
  | 'hash'
  | 'signature'
  | 'version'
  | 'malformed'
  | 'golden'
  | 'downgrade'
  | 'unsupported'
  | 'network'

/** The only error that reading a pack throws. The message names the file or section and what is wrong with it. */
export class PackError extends Error {
  override readonly name = 'PackError'

  constructor(
    readonly code: PackErrorCode,
    message: string,
  ) {
    super(message)
  }
}
