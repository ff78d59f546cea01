/** Trains packs on parts of a log in the same way as a given pack, then writes and reads them as a browser would. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openModel } from '../../../worker/model.js'
import type { ServingModel } from '../../../worker/rank/evidence.js'
import type { Catalogue } from '../data/catalogue.js'
import type { Interactions } from '../data/interactions.js'
import type { TrainOptions } from '../model/options.js'
import { quantise } from '../model/result/quantise.js'
import { trainModel } from '../model/train.js'
import { readPackFromDisk } from '../pack/read.js'
import { withdraw } from '../pack/withdraw.js'
import { writePack } from '../pack/write.js'

/** The input of a training. */
export interface Sources {
  training: Interactions
  catalogue: Catalogue | null
  /** Rows of items that are not in the catalogue. */
  outOfCatalogue: Uint32Array
}

/** @throws the signal's reason if it is aborted */
export async function rehearse(
  { training, catalogue, outOfCatalogue }: Sources,
  options: TrainOptions,
): Promise<ServingModel> {
  const folder = await mkdtemp(join(tmpdir(), 'nearside-privacy-'))
  try {
    const trained = quantise(await trainModel(training, catalogue, options), null)
    writePack(withdraw(trained, outOfCatalogue), folder)
    return await openModel(await readPackFromDisk(folder), 'auto')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
