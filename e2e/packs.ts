/** The test shop's pack, made with the trainer's own writer. The vectors of the goods differ by kind. */

import { generateKeyPairSync, sign } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exampleGru } from '../train/fixtures/packs.js'
import type { PackContent } from '../train/src/pack/content.js'
import { writePack } from '../train/src/pack/write.js'
import { HABITS } from '../worker/rank/repeats.js'
import type { EncoderTensors } from '../worker/session/encoder.js'
import { EACH, KINDS, sku } from './goods.js'

/** The files of a pack's folder, by name. */
export type PackFiles = Map<string, Uint8Array>

const DIM = 16
const STEP = 0.01

const pair = generateKeyPairSync('ed25519')

/** Public key of all releases, as `create` takes it. */
export const KEY = Buffer.from(pair.publicKey.export({ format: 'jwk' }).x!, 'base64url').toString('base64')

const made = new Map<number, PackFiles>()

/** The nth release, counted from 1, signed. Each release has new vectors. */
export function release(sequence = 1): PackFiles {
  if (!made.has(sequence)) make(sequence)
  return made.get(sequence)!
}

/** A release with its manifest changed, signed again. */
export function altered(files: PackFiles, change: (manifest: Record<string, unknown>) => void): PackFiles {
  const manifest = JSON.parse(Buffer.from(files.get('manifest.json')!).toString())
  change(manifest)
  return signed(new Map(files).set('manifest.json', new Uint8Array(Buffer.from(JSON.stringify(manifest)))))
}

/** The first release with an encoder of another kind. It is not trained, but each order of events gives another result. */
export function withEncoder(kind: EncoderTensors['kind']): PackFiles {
  const plain = content(1)
  const { kind: _, ...gru } = exampleGru(DIM, 24)
  const { scale, ...attention } = { ...plain.encoder, attention: gru.inputWeights.slice(0, DIM * DIM) }
  const encoder = { ...gru, ...(kind !== 'gru' && attention), scale, kind } as EncoderTensors
  const folder = mkdtempSync(join(tmpdir(), 'nearside-pack-'))
  writePack({ ...plain, encoder }, folder)
  const files = signed(filesIn(folder))
  rmSync(folder, { recursive: true })
  return files
}

function make(last: number): void {
  const folder = mkdtempSync(join(tmpdir(), 'nearside-pack-'))
  for (let sequence = 1; sequence <= last; sequence++) {
    writePack(content(sequence), folder)
    made.set(sequence, signed(filesIn(folder)))
  }
  rmSync(folder, { recursive: true })
}

function filesIn(folder: string): PackFiles {
  const files: PackFiles = new Map()
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isFile()) files.set(entry.name, new Uint8Array(readFileSync(join(folder, entry.name))))
  }
  return files
}

function signed(files: PackFiles): PackFiles {
  const signature = sign(null, files.get('manifest.json')!, pair.privateKey).toString('base64')
  return files.set('manifest.sig', new Uint8Array(Buffer.from(signature)))
}

function content(seed: number): PackContent {
  let state = seed
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
  const goods = KINDS.flatMap((kind, k) =>
    Array.from({ length: EACH }, (_, n) => ({ kind, k, id: sku(kind, n) })),
  )
  const n = goods.length
  const codes = new Int8Array(n * DIM)
  // One direction for each kind, and a small difference for each item.
  goods.forEach(({ k }, row) => {
    for (let d = 0; d < DIM; d++)
      codes[row * DIM + d] = Math.round((d === k ? 90 : 0) + (random() - 0.5) * 24)
  })
  // The neighbours of an item are the next four of the same kind.
  const lists = goods.map(({ k }, row) =>
    [1, 2, 3, 4].map((i) => k * EACH + ((row - k * EACH + i) % EACH)).sort((a, b) => a - b),
  )
  return {
    dim: DIM,
    ids: goods.map(({ id }) => id),
    codes,
    step: STEP,
    bias: new Int8Array(n),
    biasStep: 0.02,
    popularity: Uint32Array.from({ length: n }, (_, row) => 100 + (row % EACH)),
    tables: [
      {
        name: 'next',
        offsets: Uint32Array.from({ length: n + 1 }, (_, row) => row * 4),
        rows: Uint32Array.from(lists.flat()),
        weights: new Uint8Array(n * 4).fill(200),
      },
    ],
    encoder: {
      kind: 'attention',
      dim: DIM,
      window: 10,
      attention: new Float32Array(DIM * DIM),
      position: Float32Array.from([0.4, 0.1, 0]),
      scale: 8,
    },
    blend: {
      buckets: Array.from({ length: 4 }, () => ({
        dense: 0.7,
        denseExponent: 1,
        table: [0.3],
        tableExponent: [1],
        profile: 0.2,
        again: 0,
        server: 0.3,
      })),
      repeat: Float32Array.from([-2, 0.5, 0.3]),
      habit: new Float32Array(HABITS),
      rareBias: -1,
      tableDecay: 0.7,
      tableWindow: 20,
    },
    minSessions: 3,
    facts: {
      title: goods.map(({ id }) => `The ${id}`),
      category: goods.map(({ kind }) => kind),
      price: Float32Array.from({ length: n }, (_, row) => 5 + (row % 40)),
    },
    lineage: {
      events: 6000,
      sessions: 1500,
      items: n,
      from: null,
      to: null,
      time: 'order',
      seed,
      parent: seed > 1 ? seed - 1 : null,
      validation: {},
    },
  }
}
