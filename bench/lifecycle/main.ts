/**
 * `npm --prefix bench run lifecycle`: is a warm start, night after night from the pack of the night before, as good as training
 * from nothing? It is asked about the latest days of a shop's own training log; no test set is looked at.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { program, start, UsageError, wholeNumber } from '../../build/program.js'
import { writeSection } from '../pages/section.js'
import { typedPath } from '../script/data-sets.js'
import { nearside } from '../script/nearside.js'
import { readResults, writeResults } from '../script/results.js'
import { type Measured, type Night, section } from './section.js'

interface Options {
  encoder: string
  minSessions: number
  nights: number
}

await start(
  program('npm --prefix bench run lifecycle --')
    .description(
      'Is a warm start (`nearside train --from`), night after night, as good as training from nothing? Trains both on a log ' +
        'until each of the latest evenings, and asks them about the day after. Five nights take 5 to 15 minutes.\n\n' +
        'Reads the log. Writes docs/experiments.md and bench/results/lifecycle.json; other logs keep their figures there.',
    )
    .argument(
      '<log>',
      'TSV with the columns session_id, item_id and timestamp, plain or gzip, in a folder named as the data set',
    )
    .option('--encoder <kind>', 'encoder of the first pack and of those from nothing', 'attention')
    .option('--min-sessions <k>', 'k of all packs', wholeNumber(1), 3)
    .option('--nights <n>', 'how many of the latest nights', wholeNumber(1), 5)
    .addHelpText(
      'after',
      '\nExample:\n  npm --prefix bench run lifecycle -- ../datasets/serenade-example/train.tsv.gz',
    )
    .action(run),
)

interface Row {
  line: string
  session: string
  time: number
}

interface Figures {
  predictions: number
  recall: Record<string, number>
  mrr: Record<string, number>
}

async function run(path: string, options: Options): Promise<void> {
  const log = typedPath(path)
  if (!existsSync(log))
    throw new UsageError(`${log}: no such file. Name a log, such as datasets/shop/train.tsv.gz.`)
  const name = `${basename(dirname(log))}, k = ${options.minSessions}`
  const folder = mkdtempSync(join(tmpdir(), 'nearside-lifecycle-'))
  try {
    const nights = await measure(log, folder, options)
    const known = readResults<Record<string, Measured>>('lifecycle.json', {})
    const all = { ...known, [name]: { encoder: options.encoder, nights } }
    writeResults('lifecycle.json', all)
    writeSection('experiments.md', 'lifecycle', section(all))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function measure(path: string, folder: string, options: Options): Promise<Measured['nights']> {
  const { nights: count, encoder, minSessions } = options
  const { header, rows } = readLog(path)
  const ends = new Map<string, number>()
  for (const { session, time } of rows) ends.set(session, Math.max(time, ends.get(session) ?? 0))
  const dayOf = (session: string) => Math.floor(ends.get(session)! / 86_400)
  const days = [...new Set(Array.from(ends.keys(), dayOf))].sort((a, b) => b - a)
  if (days.length < count + 2) {
    throw new UsageError(
      `${path} has ${days.length} days; ${count} nights need ${count + 2}. Ask for fewer with --nights.`,
    )
  }

  const logOf = (name: string, kept: (row: Row) => boolean) => {
    const file = join(folder, `${name}.tsv`)
    writeFileSync(file, [header, ...rows.filter(kept).map(({ line }) => line), ''].join('\n'))
    return file
  }
  const until = (day: number) => logOf('until', ({ session }) => dayOf(session) <= day)
  const train = async (name: string, events: string, ...how: string[]) => {
    const pack = join(folder, name)
    const written = ['--events', events, '--out', pack, '--min-sessions', `${minSessions}`]
    const { cpuSeconds } = await nearside<{ cpuSeconds: number }>('train', ...written, ...how)
    return { pack, cpuSeconds }
  }
  const packs: Record<string, Night> = {}
  const ask = async (name: string, pack: string, cpuSeconds: number, log: string) => {
    const { predictions, recall, mrr } = await nearside<Figures>('evaluate', '--pack', pack, '--events', log)
    packs[name] ??= { predictions: 0, hits: 0, reciprocal: 0, cpuSeconds: 0 }
    packs[name].predictions += predictions
    packs[name].hits += predictions * recall['20']!
    packs[name].reciprocal += predictions * mrr['20']!
    packs[name].cpuSeconds += cpuSeconds
    console.error(
      `${name}: Recall@20 ${recall['20']!.toFixed(4)}, MRR@20 ${mrr['20']!.toFixed(4)}, ${cpuSeconds} s`,
    )
  }

  let warm = await train(`cold-${count + 1}`, until(days[count + 1]!), '--encoder', encoder)
  let old = warm
  for (let night = count; night > 0; night--) {
    console.error(`${night} ${night === 1 ? 'night' : 'nights'} to go`)
    const log = until(days[night]!)
    const cold = await train(`cold-${night}`, log, '--encoder', encoder)
    warm = await train(`warm-${night}`, log, '--from', warm.pack)
    const tomorrow = logOf('tomorrow', ({ session }) => dayOf(session) === days[night - 1])
    await ask('old', old.pack, 0, tomorrow)
    await ask('warm', warm.pack, warm.cpuSeconds, tomorrow)
    await ask('cold', cold.pack, cold.cpuSeconds, tomorrow)
    old = cold
  }
  return { count, packs }
}

function readLog(path: string): { header: string; rows: Row[] } {
  const bytes = readFileSync(path)
  const text = (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString()
  const [header, ...lines] = text.trimEnd().split('\n')
  const rows = lines.map((line) => {
    const [session, , time] = line.split('\t')
    return { line, session: session!, time: Number(time) }
  })
  return { header: header!, rows }
}
