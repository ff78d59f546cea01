/** `nearside inspect --privacy`: reads the packs and the logs, and runs the attacks. */
import { openModel } from '../../../worker/model.js'
import type { WrittenManifest } from '../../../worker/pack/manifest.js'
import type { Renames } from '../data/columns.js'
import { loadLog } from '../data/load/load.js'
import type { Kind } from '../encoders/kind.js'
import { KINDS } from '../encoders/kinds.js'
import { readPackFromDisk } from '../pack/read.js'
import { type Attacked, attack, type Given } from '../privacy/attack.js'
import { interruptible } from '../running/interrupt.js'
import { openProgress } from '../running/progress.js'

export interface PrivacyOptions {
  events?: string[]
  catalog?: string
  outsiders?: string[]
  before?: string
  columns?: Renames
  workers: number
  json?: boolean
}

/** @throws when the log is missing, or a file is not as expected */
export async function inspectPrivacy(folder: string, options: PrivacyOptions): Promise<Attacked> {
  const { events, catalog, outsiders, before, columns, workers } = options
  if (!events) {
    throw new Error(
      `--privacy needs the log that ${folder} was trained on: nearside inspect ${folder} --privacy --events 'logs/*.csv'`,
    )
  }
  const progress = openProgress(options.json ?? false)
  try {
    return await interruptible(async (signal) => {
      const { lineage, encoder, ...pack } = await open(folder)
      const earlier = before === undefined ? undefined : await open(before)
      const load = async (files: string[], catalogue: string | undefined) => {
        const onProgress = (done: number, total: number) => progress.update('reading', done, total)
        const log = await loadLog({
          events: files,
          catalogue,
          renames: columns,
          clean: true,
          signal,
          onProgress,
        })
        for (const line of log.report.bad.named) progress.say(line)
        return log
      }
      const { data: training, catalogue, outOfCatalogue } = await load(events, catalog)
      const later = outsiders && (await load(outsiders, undefined)).data
      return attack(
        pack,
        earlier,
        { training, catalogue, outOfCatalogue, outsiders: later },
        {
          dim: pack.model.catalog.dim,
          seed: lineage.seed,
          // An imported encoder cannot be trained here, so the rehearsal uses one that can.
          ...(encoder.kind in KINDS && { encoder: encoder.kind as Kind }),
          workers,
          minSessions: pack.minSessions,
          signal,
          onProgress: (phase, done, total) => progress.update(phase, done, total),
        },
      )
    })
  } finally {
    progress.stop()
  }
}

async function open(folder: string): Promise<Given & Pick<WrittenManifest, 'lineage' | 'encoder'>> {
  const pack = await readPackFromDisk(folder)
  const { lineage }: WrittenManifest = JSON.parse(new TextDecoder().decode(pack.release.bytes))
  return {
    model: await openModel(pack, 'auto'),
    minSessions: pack.manifest.minSessions,
    sessions: lineage.sessions,
    lineage,
    encoder: pack.manifest.encoder,
  }
}
