/** Everything that one run measures. `RESULTS.json` holds it; all tables are made from that file. */
import type { Machine } from './machine.js'
import type { PackWeight } from './pack.js'
import type { RankResult } from './rank/worker.js'
import type { ScanResult } from './scan/worker.js'
import type { FileSize } from './sizes.js'
import type { VisitResult } from './visits/visits.js'

export interface Results {
  machine: Machine
  scan: ScanResult[]
  rank: RankResult[]
  visits: VisitResult[]
  sizes: FileSize[]
  packs: PackWeight[]
}
