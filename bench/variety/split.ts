/** Cuts a training log in two, so that settings are chosen without a look at the test set: its latest sessions become questions. */
import { readFileSync, writeFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

const HELD_OUT = 0.1

/** @param log tab-separated, gzip, with the columns session_id and timestamp */
export function splitLog(log: string, earlier: string, later: string): void {
  const [head = '', ...rows] = gunzipSync(readFileSync(log)).toString().trimEnd().split('\n')
  const columns = head.split('\t')
  const at = (row: string, name: string) => row.split('\t')[columns.indexOf(name)]!
  const time = (row: string) => {
    const text = at(row, 'timestamp')
    return Number.isNaN(Number(text)) ? Date.parse(text) / 1000 : Number(text)
  }
  /** The last event of each session. */
  const ends = new Map<string, number>()
  for (const row of rows) {
    const session = at(row, 'session_id')
    ends.set(session, Math.max(ends.get(session) ?? 0, time(row)))
  }
  const sorted = [...ends].sort((a, b) => a[1] - b[1])
  const late = new Set(sorted.slice(Math.ceil(sorted.length * (1 - HELD_OUT))).map(([session]) => session))
  const write = (file: string, wanted: boolean) =>
    writeFileSync(
      file,
      `${[head, ...rows.filter((row) => late.has(at(row, 'session_id')) === wanted)].join('\n')}\n`,
    )
  write(earlier, false)
  write(later, true)
}
