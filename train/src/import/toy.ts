/** Writes safetensors files, for tests of what reads them. */

export interface ToyTensor {
  dtype: string
  shape: number[]
  bytes: Uint8Array
}

export function floats(shape: number[], values: ArrayLike<number>): ToyTensor {
  return { dtype: 'F32', shape, bytes: new Uint8Array(Float32Array.from(values).buffer) }
}

/** The bytes of a file. @param mend changes the header before it is written */
export function toyFile(
  tensors: Record<string, ToyTensor>,
  mend: (header: Record<string, unknown>) => unknown = (header) => header,
): Uint8Array {
  let at = 0
  const entries = Object.entries(tensors).map(([name, { dtype, shape, bytes }]) => {
    const from = at
    at += bytes.length
    return [name, { dtype, shape, data_offsets: [from, at] }] as const
  })
  const mended = mend(Object.fromEntries(entries))
  return withHeader(
    typeof mended === 'string' ? mended : JSON.stringify(mended),
    Object.values(tensors).map(({ bytes }) => bytes),
  )
}

function withHeader(header: string, blobs: Uint8Array[]): Uint8Array {
  const text = Buffer.from(header)
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(text.length))
  return new Uint8Array(Buffer.concat([length, text, ...blobs]))
}
