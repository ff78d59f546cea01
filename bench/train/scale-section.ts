/** The section of docs/experiments.md: how training grows with the log. */
import { count, decimals, table } from '../pages/table.js'
import type { Processor } from '../script/machine.js'

export interface Grown {
  events: number
  items: number
  sessions: number
  seconds: number
  cpuSeconds: number
  peakMemoryMB: number
  packMB: number
  recall20: number
}

/** By the number of events that was asked for, and the machine that trained last. */
export interface Scale extends Processor {
  seed: number
  encoder: string
  measured: Record<string, Grown>
}

const share = decimals(3)

export function scaleSection({ cpu, cores, node, seed, encoder, measured }: Scale): string {
  const rows = Object.values(measured).sort((a, b) => a.events - b.events)
  return `_Simulated_: logs of a made-up shop (\`bench/simulator\`, seed ${seed}) through \`nearside train --encoder ${encoder}\` on ${cores}
cores of ${cpu}, Node ${node}, which were shared with other work. Memory is the most that the process held, with the database
that reads the log. Recall@20 is the trainer's own validation. The pack is at brotli-11.

${table(
  [
    'simulated events',
    'items',
    'sessions',
    'CPU seconds',
    'CPU s for 100,000 events',
    'seconds',
    'memory',
    'pack',
    'Recall@20',
  ],
  rows.map((m) => [
    count(m.events),
    count(m.items),
    count(m.sessions),
    count(m.cpuSeconds),
    ((m.cpuSeconds / m.events) * 1e5).toFixed(1),
    count(m.seconds),
    `${count(m.peakMemoryMB)} MB`,
    `${m.packMB} MB`,
    share(m.recall20),
  ]),
)}

Written by \`npm --prefix bench run scale\`.`
}
