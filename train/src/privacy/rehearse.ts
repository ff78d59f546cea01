/** Packs trained on parts of a log in the same way as a given one, written and read as a browser would get them. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Model } from '../../../worker/rank/evidence.js'
import { serve } from '../../../worker/serving.js'
import type { Catalogue } from '../data/catalogue.js'
import type { Interactions } from '../data/interactions.js'
import { quantise } from '../model/quantise.js'
import { type TrainOptions, trainModel } from '../model/train.js'
import { readPackFromDisk } from '../pack/read.js'
import { writePack } from '../pack/write.js'

/** @throws the signal's reason when it is aborted */
export async function rehearse(
  data: Interactions,
  catalogue: Catalogue | null,
  options: TrainOptions,
): Promise<Model> {
  const folder = await mkdtemp(join(tmpdir(), 'nearside-privacy-'))
  try {
    writePack(quantise(await trainModel(data, catalogue, options), null), folder)
    return await serve(await readPackFromDisk(folder), 'auto')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
