/** What is compared: each row is a training that `compare.py` knows how to do, in the order of the table. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

interface Row {
  name: string
  /** It needs the time between events. */
  gaps?: boolean
}

export const ROWS = JSON.parse(readFileSync(join(import.meta.dirname, 'rows.json'), 'utf8')) as readonly Row[]
