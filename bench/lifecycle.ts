/**
 * `npm --prefix bench run lifecycle -- LOG`: two questions about a shop's nights, answered on its own log, of which nothing
 * but the beginning is trained on. Is a warm start as good as a training from nothing, one day later? And, with a
 * catalogue, are items found that nobody has looked at yet (the history of every tenth item is hidden)?
 *
 * LOG is a TSV with the columns session_id, item_id and timestamp, gzip or not. Figures go to stdout, no file is kept.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { gunzipSync } from 'node:zlib'

const { values, positionals } = parseArgs({
  options: {
    catalog: { type: 'string' },
    attributes: { type: 'string' },
    encoder: { type: 'string', default: 'attention' },
    'min-sessions': { type: 'string', default: '3' },
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
  seconds: number
  cpuSeconds: number
  recall: Record<string, number>
  mrr: Record<string, number>
  slices: { knownItems: { name: string; predictions: number; recall: Record<string, number> }[] }
}

function nearside(command: string, ...options: string[]): Figures {
  const { status, stdout } = spawnSync(
    process.execPath,
    ['build/nearside.mjs', command, '--json', ...options],
    {
      cwd: join(import.meta.dirname, '..'),
      encoding: 'utf8',
      maxBuffer: 1 << 26,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  if (status !== 0) throw new Error(`nearside ${command} ${options.join(' ')} ended with ${status}`)
  return JSON.parse(stdout)
}

function logOf(name: string, kept: (row: (typeof rows)[number]) => boolean): string {
  const path = join(folder, `${name}.tsv`)
  writeFileSync(path, [header, ...rows.filter(kept).map(({ line }) => line), ''].join('\n'))
  return path
}

function train(name: string, events: string, ...options: string[]): [pack: string, cost: string] {
  const pack = join(folder, name)
  const k = values['min-sessions']
  const { seconds, cpuSeconds } = nearside(
    'train',
    '--events',
    events,
    '--out',
    pack,
    '--min-sessions',
    k,
    ...options,
  )
  return [pack, `${seconds} s, ${cpuSeconds} CPU-seconds`]
}

const figures = ({ recall, mrr }: Figures) =>
  `Recall@20 ${recall['20']!.toFixed(4)}, MRR@20 ${mrr['20']!.toFixed(4)}`

try {
  const days = [...new Set([...ends.values()].map((end) => Math.floor(end / 86_400)))].sort((a, b) => b - a)
  const dayOf = (session: string) => Math.floor(ends.get(session)! / 86_400)
  const test = logOf('last-day', ({ session }) => dayOf(session) === days[0])
  const until = (day: number) => logOf(`until-${day}`, ({ session }) => dayOf(session) <= day)
  const encoder = ['--encoder', values.encoder]
  const [before] = train('before', until(days[2]!), ...encoder)
  const now = until(days[1]!)
  const [cold, coldCost] = train('cold', now, ...encoder)
  const [warm, warmCost] = train('warm', now, '--from', before)
  for (const [name, pack, cost] of [
    ['a day old', before, 'nothing'],
    ['warm start', warm, warmCost],
    ['from nothing', cold, coldCost],
  ] as const) {
    console.log(
      `${name}: ${figures(nearside('evaluate', '--pack', pack, '--events', test))}; it took ${cost}`,
    )
  }

  if (values.catalog) {
    const sessions = [...ends].sort((a, b) => a[1] - b[1]).map(([session]) => session)
    const held = new Set(sessions.slice(Math.floor(0.9 * sessions.length)))
    const items = [...new Set(rows.map(({ item }) => item))].sort()
    const hidden = new Set(items.filter((_, i) => i % 10 === 5))
    const [pack] = train(
      'hidden',
      logOf('without', ({ session, item }) => !held.has(session) && !hidden.has(item)),
      ...encoder,
      '--catalog',
      from(values.catalog),
      ...(values.attributes ? ['--attributes', values.attributes] : []),
    )
    const asked = nearside(
      'evaluate',
      '--pack',
      pack,
      '--events',
      logOf('held', ({ session }) => held.has(session)),
    )
    const { predictions, recall } = asked.slices.knownItems.find(({ name }) => name === 'a rare target')!
    console.log(
      `items without a history: Recall@20 ${recall['20']!.toFixed(4)} of ${predictions}; all: ${figures(asked)}`,
    )
  }
} finally {
  rmSync(folder, { recursive: true })
}
