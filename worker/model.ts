/** Makes a model that can answer from a verified pack: opens the kernels, reads the tensors, runs the golden checks. */
import { openCatalog } from './catalog/open.js'
import { openScorer } from './compute/open.js'
import { disagreement } from './golden.js'
import { PackError } from './pack/errors.js'
import type { Pack } from './pack/pack.js'
import type { Backend } from './protocol.js'
import type { ServingModel } from './rank/evidence.js'
import { readBlend } from './rank/read.js'
import { readSimilar, readStage } from './rank/read-stage.js'
import { readSettings } from './rank/settings.js'
import { readEncoder } from './session/read.js'

/** @throws PackError 'golden' when the pack's answers here differ from those where it was made. */
export async function openModel(pack: Pack, backend: Backend): Promise<ServingModel> {
  const catalog = openCatalog(pack)
  const scorer = await openScorer(catalog.codes, catalog.bias, catalog.dim, backend)
  const { golden, strengths, variety } = pack.manifest
  const model: ServingModel = {
    catalog,
    scorer,
    encoder: readEncoder(pack),
    blend: readBlend(pack),
    stage: readStage(pack),
    similar: readSimilar(pack),
    settings: readSettings(pack),
    strengths,
    variety,
  }
  const fault = disagreement(model, golden)
  if (fault) throw new PackError('golden', `the pack fails its self-test on ${scorer.backend}: ${fault}`)
  return model
}
