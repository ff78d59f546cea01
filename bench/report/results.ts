/** Everything that one run measures. `results/RESULTS.json` holds it, and all tables are made from that file. */
import type { PackWeight } from '../packs/weight.js'
import type { RankResult } from '../rank/worker.js'
import type { ScanResult } from '../scan/worker.js'
import type { Machine } from '../script/machine.js'
import type { VisitResult } from '../visits/visits.js'
import type { FileSize } from './sizes.js'

export interface Results {
  machine: Machine
  scan: ScanResult[]
  rank: RankResult[]
  visits: VisitResult[]
  sizes: FileSize[]
  packs: PackWeight[]
}
