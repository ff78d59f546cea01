/** Reads item vectors, and an encoder if there is one, from files of another trainer, in a form that fits a pack. */
import { existsSync } from 'node:fs'
import type { EncoderTensors } from '../../../worker/session/encoder.js'
import { KINDS } from '../encoders/kinds.js'
import { hyperFor } from '../model/optimise/settings.js'
import type { Imported } from '../model/start/imported.js'
import { isOfEncoder, readEncoder } from './encoder.js'
import { readIds } from './ids.js'
import { type Reduced, reduce } from './reduce.js'
import { type Safetensors, withSafetensors } from './safetensors.js'

/** The largest absolute value in an encoder that worker/session/read.ts accepts. */
const MOST = 1e6

export interface TrainedFiles {
  /** A safetensors file with one row for each item. It may also hold `bias` and the encoder. */
  vectors: string
  /** A JSON lines file with the ids of the items, in the order of the rows. */
  ids: string
  /** A safetensors file with the encoder, if it is in a file of its own. */
  encoder?: string | undefined
  /** The most values that a vector in the pack may have, a multiple of 8. */
  dim: number
}

export interface Trained extends Pick<Reduced, 'dim' | 'vectors' | 'kept'> {
  ids: string[]
  /** In logits. */
  bias: Float32Array | null
  encoder: EncoderTensors | null
  /** How many values a vector has in the file. */
  from: number
}

/** @throws with the file, the tensor, and what was expected */
export async function readTrained(files: TrainedFiles): Promise<Trained> {
  for (const [option, path] of Object.entries({
    vectors: files.vectors,
    ids: files.ids,
    encoder: files.encoder,
  })) {
    if (path !== undefined && !existsSync(path))
      throw new Error(`--${option} ${path}: no such file (looked in ${process.cwd()})`)
  }
  const ids = await readIds(files.ids)
  const read = withSafetensors(files.vectors, (file) => {
    const { name, from } = findVectors(file, ids.length, files.ids)
    return {
      from,
      vectors: file.read(name),
      bias: readBias(file, ids.length),
      encoder: files.encoder === undefined ? encoderOf(file, from) : null,
    }
  })
  const { from, vectors, bias } = read
  if (files.encoder !== undefined) {
    read.encoder = withSafetensors(files.encoder, (file) => encoderOf(file, from))
    if (!read.encoder) {
      throw new Error(
        `${files.encoder}: it has no encoder, expected the tensor weight_ih_l0 (GRU) or attention`,
      )
    }
  }
  const { encoder } = read
  // Without an encoder, only directions are known to matter. With one, lengths matter too, so all vectors are divided
  // by one factor: products of items and sessions stay as they were trained, up to this factor.
  const length = encoder ? typicalLength(vectors, from) : 1
  if (length !== 1) for (let i = 0; i < vectors.length; i++) vectors[i]! /= length
  const reduced = reduce(vectors, from, files.dim)
  if (!encoder) normaliseRows(reduced.vectors, reduced.dim)
  const axes = reduced.axes.map((value) => value * length)
  const turned = encoder && KINDS[encoder.kind].rotated(encoder, axes)
  if (turned) checkRange(turned, files.encoder ?? files.vectors)
  return { ...reduced, ids, bias, encoder: turned, from }
}

/** @throws when a value is too large for a pack. This is checked now, not after the fit when the pack is written. */
function checkRange(encoder: EncoderTensors, file: string): void {
  for (const [name, { values }] of Object.entries(KINDS[encoder.kind].sections(encoder))) {
    const wrong = values.find((value) => !(Math.abs(value) <= MOST))
    if (wrong === undefined) continue
    throw new Error(
      `${file}: with these vectors the encoder's ${name} holds ${wrong}, but a pack takes at most ${MOST}`,
    )
  }
}

/**
 * Puts the imported rows into the order of a pack's items.
 * @param items the ids of the pack's items
 * @param content whether the vectors describe what items are, see `Imported.content`
 */
export function alignTrained(trained: Trained, items: readonly string[], content: boolean): Imported {
  const { dim } = trained
  const place = new Map(trained.ids.map((id, i) => [id, i]))
  const imported: Imported = {
    vectors: new Float32Array(items.length * dim),
    known: new Uint8Array(items.length),
    bias: trained.bias && new Float32Array(items.length),
    encoder: trained.encoder,
    content,
  }
  for (const [row, id] of items.entries()) {
    const from = place.get(id)
    if (from === undefined) continue
    const vector = trained.vectors.subarray(from * dim, (from + 1) * dim)
    if (!vector.some((value) => value !== 0)) continue
    imported.known[row] = 1
    imported.vectors.set(vector, row * dim)
    if (imported.bias) imported.bias[row] = trained.bias![from]!
  }
  return imported
}

function encoderOf(file: Safetensors, dim: number): EncoderTensors | null {
  return readEncoder(file, dim, hyperFor('attention', 0, 1, dim, 0).window)
}

/**
 * The tensor called `vectors`, or else the only tensor that can be meant.
 * @throws when there is none, when there are several, or when its rows do not match the ids
 */
function findVectors(file: Safetensors, rows: number, idsFile: string): { name: string; from: number } {
  const tables = [...file.tensors].filter(([name, { shape }]) => shape.length === 2 && !isOfEncoder(name))
  const fitting = tables.filter(([, { shape }]) => shape[0] === rows)
  const [name, tensor] =
    tables.find(([name]) => name === 'vectors') ?? (fitting.length === 1 ? fitting : tables)[0] ?? []
  if (name === undefined || !tensor) {
    throw new Error(
      `${file.name}: it has no tensor of item vectors, expected "vectors" of the shape [items, values]`,
    )
  }
  if (fitting.length > 1 && name !== 'vectors') {
    const names = fitting.map(([name]) => JSON.stringify(name)).join(' and ')
    throw new Error(`${file.name}: ${names} could both be the item vectors; call the right one "vectors"`)
  }
  const [count, from] = tensor.shape as [number, number]
  if (count !== rows) {
    throw new Error(`${file.at(name)} has ${count} rows, expected ${rows}, one for each id of ${idsFile}`)
  }
  if (from === 0) throw new Error(`${file.at(name)} has vectors without values`)
  return { name, from }
}

function readBias(file: Safetensors, rows: number): Float32Array | null {
  const bias = file.tensors.get('bias')
  if (!bias) return null
  if (bias.shape.length !== 1 || bias.shape[0] !== rows) {
    throw new Error(`${file.at('bias')} has the shape [${bias.shape.join(', ')}], expected [${rows}]`)
  }
  return file.read('bias')
}

/** The root mean square of the vectors' lengths; 1 if all are 0. */
function typicalLength(vectors: Float32Array, dim: number): number {
  let square = 0
  for (const x of vectors) square += x * x
  return Math.sqrt((square * dim) / vectors.length) || 1
}

function normaliseRows(vectors: Float32Array, dim: number): void {
  for (let at = 0; at < vectors.length; at += dim) {
    const row = vectors.subarray(at, at + dim)
    const length = Math.hypot(...row)
    if (length > 0) for (let d = 0; d < dim; d++) row[d]! /= length
  }
}
