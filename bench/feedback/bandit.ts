/**
 * Position bias in a log with real positions: Open Bandit Dataset (Saito et al. 2020, arXiv 2008.07146). Its random policy
 * shows what the positions are worth, as every item stood everywhere. The other policy is estimated as a shop's log would be.
 */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import type { LoggedLists } from '../../train/src/data/lists.js'
import { random } from '../../train/src/maths/random.js'
import { positionBias } from '../../train/src/model/positions/propensity.js'

const POSITIONS = 3
const DRAWS = 500

export interface Bandit {
  /** By campaign and policy. */
  [log: string]: {
    clicks: number
    /** Of each position relative to the first, with 95 % bootstrap intervals over impressions. */
    clickRate: Relative[]
    estimate: Relative[]
    /** What the trainer says of this log. */
    because: string
  }
}
type Relative = [value: number, low: number, high: number]

export function measureBandit(files: Readonly<Record<string, string>>): Bandit {
  return Object.fromEntries(
    Object.entries(files).map(([name, path]) => {
      const log = read(path)
      const all = Uint32Array.from(log.items.keys())
      const draw = random(1, 0xb0)
      const drawn = Array.from({ length: DRAWS }, () => all.map(() => Math.floor(draw() * all.length)))
      const relative = (of: (places: Uint32Array) => number[]): Relative[] => {
        const values = drawn.map(of)
        return of(all).map((value, p) => {
          const sorted = values.map((one) => one[p]!).sort((a, b) => a - b)
          return [value, sorted[Math.floor(0.025 * DRAWS)]!, sorted[Math.ceil(0.975 * DRAWS) - 1]!]
        })
      }
      return [
        name,
        {
          clicks: log.clicked.reduce((sum, click) => sum + click, 0),
          clickRate: relative((places) => clickRates(log, places)),
          estimate: relative((places) => [...positionBias(some(log, places), POSITIONS, 0).propensity]),
          because: positionBias(log).because,
        },
      ]
    }),
  )
}

function read(path: string): LoggedLists {
  const [header, ...lines] = gunzipSync(readFileSync(path)).toString('utf8').trim().split('\n')
  const columns = header!.split('\t')
  const cells = lines.map((line) => line.split('\t'))
  const column = (name: string) => cells.map((row) => row[columns.indexOf(name)]!)
  const items = column('item_id').map(Number)
  return {
    ids: Array.from({ length: Math.max(...items) + 1 }, (_, item) => `${item}`),
    offsets: Uint32Array.from({ length: cells.length + 1 }, (_, n) => n),
    items: Uint32Array.from(items),
    positions: Uint16Array.from(column('position'), (p) => Number(p) - 1),
    clicked: Uint8Array.from(column('click'), Number),
    names: [],
    times: new Float64Array(cells.length),
    sessions: new Int32Array(cells.length),
    before: new Uint32Array(cells.length),
  }
}

function some(log: LoggedLists, places: Uint32Array): LoggedLists {
  return {
    ...log,
    items: places.map((at) => log.items[at]!),
    positions: Uint16Array.from(places, (at) => log.positions[at]!),
    clicked: Uint8Array.from(places, (at) => log.clicked[at]!),
  }
}

function clickRates({ positions, clicked }: LoggedLists, places: Uint32Array): number[] {
  const [shown, clicks] = [new Float64Array(POSITIONS), new Float64Array(POSITIONS)]
  for (const at of places) {
    shown[positions[at]!]!++
    clicks[positions[at]!]! += clicked[at]!
  }
  return Array.from(clicks, (n, p) => n / shown[p]! / (clicks[0]! / shown[0]!))
}
