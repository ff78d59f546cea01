/**
 * The model of a server that has not been trained for a while: the first sessions of the training log, and the kind of
 * encoder that trains fastest. It knows everything about these sessions (k = 1), because a server may.
 */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openModel } from '../../../../worker/model.js'
import type { ServingModel } from '../../../../worker/rank/evidence.js'
import { digestOf } from '../../checkpoint/fingerprint.js'
import { type Interactions, sliceSessions } from '../../data/interactions.js'
import { quantise } from '../../model/result/quantise.js'
import { trainModel } from '../../model/train.js'
import { requireFolder } from '../../pack/folder.js'
import { readPackFromDisk } from '../../pack/read.js'
import { writePack } from '../../pack/write.js'

/** Share of the sessions, the earliest, that the stale model knows. */
const KNOWN = 0.8
const SETTINGS = { encoder: 'attention', dim: 64, seed: 1, workers: 2, minSessions: 1 } as const

export interface StaleOptions {
  signal?: AbortSignal | undefined
  onProgress?(phase: string, done: number, total: number): void
  /** Told when a training is needed, and where the result is kept. */
  say?(line: string): void
}

/** Reads a stale model that was trained before. @throws PackError */
export async function readStale(folder: string): Promise<ServingModel> {
  return openModel(await readPackFromDisk(folder), 'auto')
}

/**
 * Trains the stale model. It is kept in the system's folder for temporary files, so that the next evaluation with the same
 * training log needs no training.
 */
export async function trainStale(
  train: Interactions,
  { signal, onProgress, say }: StaleOptions,
): Promise<ServingModel> {
  const sessions = train.offsets.length - 1
  const early = sliceSessions(train, 0, Math.floor(KNOWN * sessions))
  const digest = createHash('sha256').update(digestOf(early)).update(digestOf(SETTINGS))
  const folder = join(tmpdir(), `nearside-stale-${digest.digest('hex').slice(0, 16)}`)
  if (existsSync(join(folder, 'manifest.json'))) return readStale(folder)
  requireFolder(folder)
  say?.(
    `training the stale model on the first ${early.offsets.length - 1} sessions; it is kept in ${folder}, which --stale can name`,
  )
  const model = await trainModel(early, null, {
    ...SETTINGS,
    ...(signal && { signal }),
    onProgress: ({ phase, done, total }) => onProgress?.(`stale: ${phase}`, done, total),
  })
  writePack(quantise(model, null), folder)
  return readStale(folder)
}
