/** `nearside inspect`: shows what is in a pack, how large each part is, and how it was trained. */

import type { Command } from 'commander'
import { openStrings } from '../../../worker/catalog/strings.js'
import type { WrittenManifest } from '../../../worker/pack/manifest.js'
import type { Pack } from '../../../worker/pack/pack.js'
import { MAX_PACK_BYTES } from '../../../worker/pack/parse.js'
import { verifySignature } from '../../../worker/pack/verify.js'
import { readSettings } from '../../../worker/rank/settings.js'
import { readHistory } from '../pack/folder.js'
import { readPackFromDisk } from '../pack/read.js'
import { signatureOf } from '../pack/release.js'
import { type OnWeighed, type PackFigures, type Weight, weighSections } from '../pack/weigh.js'
import type { Attacked } from '../privacy/attack.js'
import { headlinesOf, asText as privacyAsText } from '../privacy/verdict.js'
import { openProgress } from '../running/progress.js'
import { cutShortText } from './cut-short.js'
import { integer, renames } from './options.js'
import { inspectPrivacy, type PrivacyOptions } from './privacy.js'
import { count, rounded } from './told.js'

async function examine(folder: string, key: string | undefined, onWeighed: OnWeighed) {
  const pack = await readPackFromDisk(folder)
  const { manifest } = pack
  const { figures, files, sections } = await weighSections(pack, onWeighed)
  const { sequence, created, generator, version, disabled, hostCompresses, dim } = manifest
  const { encoder, tables, golden } = manifest
  const { lineage }: WrittenManifest = JSON.parse(new TextDecoder().decode(pack.release.bytes))
  return {
    path: folder,
    sequence,
    created,
    generator,
    version,
    disabled,
    signature: await signatureState(folder, pack.release.bytes, key),
    earlier: readHistory(folder).map((stored) => stored.manifest.sequence),
    hostCompresses,
    dim,
    encoder,
    tables,
    golden: golden.length,
    columns: columnsIn(pack),
    rules: readSettings(pack)?.rules ?? [],
    lineage,
    figures,
    files: Object.fromEntries(files),
    sections,
  }
}

/** Further columns of the catalogue. */
function columnsIn(pack: Pack): string[] {
  if (!pack.has('facts.attributes')) return []
  const names = openStrings(pack, 'facts.attributes')
  return Array.from({ length: names.length }, (_, i) => names.at(i))
}

type Report = Awaited<ReturnType<typeof examine>>

async function signatureState(
  folder: string,
  manifest: Uint8Array,
  key: string | undefined,
): Promise<string> {
  const signature = signatureOf(folder)
  if (key === undefined) return signature === undefined ? 'none' : 'there, not checked (give --key)'
  try {
    await verifySignature(manifest, signature, key)
    return 'good'
  } catch (error) {
    return `refused: ${(error as Error).message}`
  }
}

export function register(program: Command): void {
  program
    .command('inspect')
    .summary('show what is in a pack and what it weighs')
    .description(
      'Verifies a pack as a browser does, and shows its items, its k (the least number of distinct sessions behind every pair, ' +
        'vector and count), how it was trained, its signature, the earlier packs for rollback, and the size of each section: ' +
        'raw, with gzip -9 and with brotli -q 11. B/item is brotli bytes per item. Takes seconds.',
    )
    .argument('<pack>', 'folder of the pack')
    .option('--key <base64>', 'public key to check the signature with, as keygen prints it')
    .option(
      '--privacy',
      'attack the pack, and report what it reveals about the visits that it was trained on',
    )
    .option('-e, --events <file...>', 'with --privacy, required: the log that the pack was trained on')
    .option('-c, --catalog <file>', 'with --privacy: the catalogue that the pack was trained with')
    .option(
      '--outsiders <file...>',
      'with --privacy: a log of the same shop that the pack was not trained on',
    )
    .option('--before <pack>', 'with --privacy: the previous release, trained on an earlier part of the log')
    .option('--columns <ours=theirs,…>', 'with --privacy: column names, if your logs use other ones', renames)
    .option('--workers <n>', 'with --privacy: threads to train with', integer(1, 64), 2)
    .option('--json', 'print one JSON object instead of text')
    .addHelpText('after', HELP)
    .action(async (folder: string, options: Options) => {
      const attacked = options.privacy ? await inspectPrivacy(folder, options) : undefined
      const progress = openProgress(options.json ?? false)
      const report = await examine(folder, options.key, (done, total) =>
        progress.update('compressing', done, total),
      ).finally(progress.stop)
      const json = () => ({
        ...asJson(report),
        ...(attacked && { privacy: { ...attacked, headlines: headlinesOf(attacked) } }),
      })
      console.log(options.json ? JSON.stringify(json(), null, 2) : asText(report, attacked))
    })
}

interface Options extends PrivacyOptions {
  key?: string
  privacy?: boolean
}

const HELP = `
--privacy runs three attacks on the pack:
  1. Can an attacker tell whether a visit was in the training log?
  2. Can an attacker who knows half of a visit find the rest?
  3. What does the difference from the previous pack tell about the new visits?
The first answer is compared with guessing, the second with visits that the pack has never seen;
both have 95 % intervals.

Without --outsiders, two packs are trained in the same way on parts of the log. The visits that
are in the pack and those that are not are then drawn at random from the same days. Without
--before, one more pack is trained without the last day.

How long it takes: about as long as three trainings, so minutes for a small shop. With
both --outsiders and --before nothing is trained.

Examples:
  nearside inspect packs/shop
  nearside inspect packs/shop --key "$PUBLIC_KEY"
  nearside inspect packs/shop --privacy --events 'logs/*.csv'
  nearside inspect packs/monday --privacy --events 'logs/*.csv' --before packs/sunday --json`

function asJson({ figures, ...report }: Report): Omit<Report, 'figures'> & PackFigures {
  // In the output of `evaluate`, `files` is a number. Here the report's own `files`, with names and sizes, replaces
  // it.
  return { ...figures, ...report } as Omit<Report, 'figures'> & PackFigures
}

function asText(report: Report, attacked: Attacked | undefined): string {
  const { lineage, figures, encoder, earlier } = report
  const k = figures.minSessions
  const privacy =
    k > 1
      ? `every pair, vector and count rests on at least ${k} distinct sessions`
      : 'the pack contains data of single sessions, so it does not protect anybody'
  const validation = Object.entries(lineage.validation).map(
    ([name, figure]) => `${name} ${rounded(figure, 4)}`,
  )
  const facts: [string, string][] = [
    [
      'sequence',
      `${report.sequence}${report.disabled ? ', DISABLED: browsers keep the shop\u2019s order' : ''}`,
    ],
    ['created', `${report.created} by ${report.generator}, format ${report.version}`],
    ['signature', report.signature],
    ['roll back to', earlier.length > 0 ? earlier.join(', ') : 'nothing'],
    ['items', `${count(figures.items)}, vectors of ${report.dim}`],
    ['k', `${k}: ${privacy}`],
    ['encoder', `${encoder.kind}, latest ${encoder.window} items`],
    ['tables', report.tables.join(', ') || 'none'],
    ...(report.columns.length > 0
      ? [['columns', `${report.columns.join(', ')}, besides the usual facts`] as [string, string]]
      : []),
    ['rules', report.rules.map(({ kind, name }) => (name ? `${kind} (${name})` : kind)).join(', ') || 'none'],
    ['self-test', `${report.golden} golden sequences`],
    ['trained on', `${count(lineage.events)} events, ${count(lineage.sessions)} sessions`],
    ['log', `${lineage.from ?? '?'} to ${lineage.to ?? '?'}, time: ${lineage.time}; seed ${lineage.seed}`],
    ...(lineage.cutShort ? [['cut short', cutShortText(lineage.cutShort)] as [string, string]] : []),
    ['parent', lineage.parent === null ? 'none' : `sequence ${lineage.parent}`],
    ['validation', validation.join(', ') || 'none'],
    [
      'served as',
      report.hostCompresses ? '.bin, compressed by the host' : '.bin.gz, decompressed by the page',
    ],
  ]
  const lines = [
    report.path,
    ...facts.map(([name, value]) => `  ${name.padEnd(14)}${value}`),
    '',
    ...table(report),
  ]
  if (figures.bytes > MAX_PACK_BYTES) {
    lines.push(
      '',
      `Above ${count(MAX_PACK_BYTES)} bytes: browsers refuse this pack unless create({ maxPackBytes }) allows more.`,
    )
  }
  if (attacked) lines.push('', ...privacyAsText(attacked))
  return lines.join('\n')
}

function table({ sections, files, figures }: Report): string[] {
  const head = ['', 'dtype', 'shape', 'encoding', 'raw', 'gzip', 'brotli', 'B/item']
  const weights = ({ raw, gzip, brotli }: Weight) => [
    count(raw),
    count(gzip),
    count(brotli),
    (brotli / figures.items).toFixed(2),
  ]
  const rows = Object.entries(files).flatMap(([key, weight]) => [
    [key, '', '', '', ...weights(weight)],
    ...sections
      .filter(({ file }) => file === key)
      .map((s) => [`  ${s.name}`, s.dtype, s.shape.join('x'), s.encoding, ...weights(s.weight)]),
  ])
  const { bytes: raw, wireBytesGzip: gzip, wireBytes: brotli } = figures
  const all = [head, ...rows, ['total', '', '', '', ...weights({ raw, gzip, brotli })]]
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]!.length)))
  return all.map((row) =>
    row
      .map((cell, column) => (column < 4 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .trimEnd(),
  )
}
