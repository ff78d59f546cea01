/**
 * `npm --prefix bench run privacy -- FOLDER`: attacks packs of each data set of a folder for several k through the command
 * line, as a shop would (`nearside inspect --privacy`), and writes the section of docs/model.md that says what a pack
 * reveals. A data set is a folder with `train.tsv.gz`; test sets are not looked at.
 *
 * One data set and k is four trainings. What has been measured stands in privacy.json and is not measured again without
 * `--again`, so a run that was stopped goes on, and runs with `--only` and `--min-sessions` add up.
 */

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Attacked } from '../train/src/privacy/attack.js'
import { nearside } from './nearside.js'
import { fillSection, type Measured, sectionOf } from './privacy-section.js'

const root = join(import.meta.dirname, '..')
const { values, positionals } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: ['serenade-example', 'uci-clickstream'] },
    'min-sessions': { type: 'string', multiple: true, default: ['1', '2', '3', '5'] },
    again: { type: 'boolean', default: false },
  },
  allowPositionals: true,
})
if (positionals.length !== 1)
  throw new Error('one folder of data sets expected: npm --prefix bench run privacy -- ../datasets')
// npm runs scripts in the package's folder; a relative path is meant from where the user stands.
const folder = resolve(process.env.INIT_CWD ?? '.', positionals[0]!)
const sets = readdirSync(folder).filter(
  (name) => values.only.includes(name) && existsSync(join(folder, name, 'train.tsv.gz')),
)

const packs = join(root, 'bench/node_modules/.cache/privacy')
mkdirSync(packs, { recursive: true })
const file = join(import.meta.dirname, 'privacy.json')
const page = join(root, 'docs/model.md')
const measured: Record<string, Measured> = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}

for (const set of sets) {
  for (const k of values['min-sessions']) {
    const key = `${set} ${k}`
    if (measured[key] && !values.again) continue
    console.error(key)
    const out = join(packs, `${set}-${k}`)
    const log = join(folder, set, 'train.tsv.gz')
    nearside('train', '--events', log, '--out', out, '--min-sessions', k)
    const { privacy } = nearside<{ privacy: Attacked }>('inspect', out, '--privacy', '--events', log)
    measured[key] = { set, ...privacy }
    const sorted = Object.fromEntries(
      Object.keys(measured)
        .sort()
        .map((name) => [name, measured[name]]),
    )
    writeFileSync(file, `${JSON.stringify(sorted, null, 2)}\n`)
    write()
  }
}
write()

function write(): void {
  const before = existsSync(page) ? readFileSync(page, 'utf8') : '# The model\n'
  const all = Object.keys(measured)
    .sort()
    .map((key) => measured[key]!)
  writeFileSync(page, fillSection(before, sectionOf(all)))
}
