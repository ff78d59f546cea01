/**
 * `npm --prefix bench run lifecycle -- LOG`: is a warm start, night after night from the pack of the night before, as good as a
 * training from nothing? Asked of a shop's own training log; no test set is looked at. Figures add up in lifecycle.json from
 * run to run, and go into docs/model.md.
 *
 * LOG is a TSV with the columns session_id, item_id and timestamp, gzip or not, in a folder that is called as the data set.
 */

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { nearside } from './nearside.js'
import { table } from './report.js'
import { fillSection } from './section.js'

const { values, positionals } = parseArgs({
  options: {
    encoder: { type: 'string', default: 'attention' },
    'min-sessions': { type: 'string', default: '3' },
    nights: { type: 'string', default: '5' },
  },
  allowPositionals: true,
})
if (positionals.length !== 1)
  throw new Error('one log expected: npm --prefix bench run lifecycle -- train.tsv.gz')
const from = (path: string) => resolve(process.env.INIT_CWD ?? '.', path)
const bytes = readFileSync(from(positionals[0]!))
const text = (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString()
const [header, ...lines] = text.trimEnd().split('\n')
const rows = lines.map((line) => {
  const [session, item, time] = line.split('\t')
  return { line, session: session!, item: item!, time: Number(time) }
})
const ends = new Map<string, number>()
for (const { session, time } of rows) ends.set(session, Math.max(time, ends.get(session) ?? 0))
const folder = mkdtempSync(join(tmpdir(), 'nearside-lifecycle-'))

interface Figures {
  cpuSeconds: number
  predictions: number
  recall: Record<string, number>
  mrr: Record<string, number>
}

function logOf(name: string, kept: (row: (typeof rows)[number]) => boolean): string {
  const path = join(folder, `${name}.tsv`)
  writeFileSync(path, [header, ...rows.filter(kept).map(({ line }) => line), ''].join('\n'))
  return path
}

function train(name: string, events: string, ...options: string[]): { pack: string; cpuSeconds: number } {
  const pack = join(folder, name)
  const k = values['min-sessions']
  const written = ['--events', events, '--out', pack, '--min-sessions', k]
  const { cpuSeconds } = nearside<Figures>('train', ...written, ...options)
  return { pack, cpuSeconds }
}

/** Sums over nights, predictions counting alike. */
interface Night {
  predictions: number
  hits: number
  reciprocal: number
  cpuSeconds: number
}
interface Measured {
  encoder: string
  nights: { count: number; packs: Record<string, Night> }
}

function measure(count: number): Measured['nights'] {
  const days = [...new Set([...ends.values()].map((end) => Math.floor(end / 86_400)))].sort((a, b) => b - a)
  if (days.length < count + 2)
    throw new Error(`${days.length} days are in the log, ${count} nights need ${count + 2}`)
  const dayOf = (session: string) => Math.floor(ends.get(session)! / 86_400)
  const until = (day: number) => logOf('until', ({ session }) => dayOf(session) <= day)
  const packs: Record<string, Night> = {}
  const ask = (name: string, { pack, cpuSeconds }: { pack: string; cpuSeconds: number }, log: string) => {
    const { predictions, recall, mrr } = nearside<Figures>('evaluate', '--pack', pack, '--events', log)
    packs[name] ??= { predictions: 0, hits: 0, reciprocal: 0, cpuSeconds: 0 }
    packs[name].predictions += predictions
    packs[name].hits += predictions * recall['20']!
    packs[name].reciprocal += predictions * mrr['20']!
    packs[name].cpuSeconds += cpuSeconds
    console.error(
      `${name}: Recall@20 ${recall['20']!.toFixed(4)}, MRR@20 ${mrr['20']!.toFixed(4)}, ${cpuSeconds} s`,
    )
  }
  const encoder = ['--encoder', values.encoder]
  let warm = train(`cold-${count + 1}`, until(days[count + 1]!), ...encoder)
  let stale = warm
  for (let night = count; night > 0; night--) {
    const log = until(days[night]!)
    const cold = train(`cold-${night}`, log, ...encoder)
    warm = train(`warm-${night}`, log, '--from', warm.pack)
    const tomorrow = logOf('tomorrow', ({ session }) => dayOf(session) === days[night - 1])
    ask('old', { ...stale, cpuSeconds: 0 }, tomorrow)
    ask('warm', warm, tomorrow)
    ask('cold', cold, tomorrow)
    stale = cold
  }
  return { count, packs }
}

const NAMES = { old: 'pack of the night before', warm: 'warm start, night after night', cold: 'from nothing' }
const digits = (value: number) => value.toFixed(4).replace(/^0/, '')

function section(all: [string, Measured][]): string {
  const measured = all.map(([name, { encoder, nights }]) => ({ name, encoder, ...nights }))
  const cells = ({ predictions, hits, reciprocal, cpuSeconds }: Night, count: number) =>
    `${digits(hits / predictions)} / ${digits(reciprocal / predictions)}${
      cpuSeconds > 0 ? ` (${(cpuSeconds / count).toFixed(0)} s)` : ''
    }`
  const nightly = table(
    ['Recall@20 / MRR@20 of the next day', ...measured.map(({ name, encoder }) => `${name} (${encoder})`)],
    Object.entries(NAMES).map(([key, name]) => [
      name,
      ...measured.map(({ packs, count }) => cells(packs[key]!, count)),
    ]),
  )
  const asked = measured.map(
    ({ name, count, packs }) =>
      `${packs.cold!.predictions.toLocaleString('en')} predictions of ${count} ${count === 1 ? 'day' : 'days'} of ${name}`,
  )
  return `Packs trained until the evening, asked about the day after: ${asked.join(', ')}, each with the latest days of its
training log. The warm start goes on from its own pack of the night before, the first from one that was trained from nothing. In
brackets the CPU-seconds of a night.

${nightly}

Written by \`npm --prefix bench run lifecycle -- LOG\`.`
}

const memory = join(import.meta.dirname, 'lifecycle.json')
const page = join(import.meta.dirname, '../docs/model.md')
const log = from(positionals[0]!)
const name = `${basename(dirname(log))}, k = ${values['min-sessions']}`
try {
  const before: Record<string, Measured> = existsSync(memory) ? JSON.parse(readFileSync(memory, 'utf8')) : {}
  const measured: Measured = { encoder: values.encoder, nights: measure(Number(values.nights)) }
  const all = { ...before, [name]: measured }
  writeFileSync(memory, `${JSON.stringify(all, null, 2)}\n`)
  const text = fillSection(
    readFileSync(page, 'utf8'),
    'lifecycle',
    'Night after night',
    section(Object.entries(all)),
  )
  writeFileSync(page, text)
} finally {
  rmSync(folder, { recursive: true })
}
