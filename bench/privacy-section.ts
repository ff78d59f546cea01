/** What the attacks of `privacy.ts` found, as a section of docs/model.md between its markers. */
import type { Attacked } from '../train/src/privacy/attack.js'
import type { Completed, Excess } from '../train/src/privacy/completion.js'
import type { Roc } from '../train/src/privacy/roc.js'
import { table } from './report.js'

export interface Measured extends Attacked {
  set: string
}

const [OPEN, CLOSE] = ['<!-- privacy -->', '<!-- /privacy -->']

/** The page with the section in place of the one between the markers, or at its end where it has none yet. */
export function fillSection(page: string, section: string): string {
  const from = page.indexOf(OPEN)
  const to = page.indexOf(CLOSE)
  if (from < 0 && to < 0)
    return `${page.trimEnd()}\n\n## What a pack reveals\n\n${OPEN}\n${section}\n${CLOSE}\n`
  if (to < from || from < 0) throw new Error(`docs/model.md: expected "${OPEN}" and, behind it, "${CLOSE}"`)
  return `${page.slice(0, from + OPEN.length)}\n${section}\n${page.slice(to)}`
}

const digits = (value: number) => value.toFixed(3).replace(/^0/, '')
const percent = (value: number) => `${(100 * value).toFixed(1)} %`
const points = (value: number) => `${value < 0 ? '−' : '+'}${(100 * Math.abs(value)).toFixed(1)}`
const auc = (roc: Roc | null) =>
  roc ? `${digits(roc.auc.value)} (${roc.auc.ci95.map(digits).join(' to ')})` : '·'
const found = (roc: Roc | null) =>
  roc ? `${percent(roc.foundAt1.value)}, ${percent(roc.foundAt01.value)}` : '·'

export function sectionOf(all: readonly Measured[]): string {
  return `\`nearside inspect PACK --privacy --events LOG\` attacks a pack with what it truly holds, and reports this for any
shop. The figures here are from training logs only. A random third of the newer half of the sessions is in the attacked
pack (members), a third is in no pack (outsiders), and a third is in the attacker's own reference pack: members and
outsiders come from the same days by lot, so that the figures show what was memorised and not how the shop changes. "Rare
pair" stands for the sessions that hold a pair which fewer than k other sessions of the training share: those that k is
there for. k counts sessions (people, where they are known). It is no formal guarantee such as differential privacy.

**Was a session in the training?** Signals are the neighbour tables (which pairs are there, how strongly, how far a row
lies inside the session), the likelihood of each step by the blend and the encoder (Yeom et al. 2018), and the counts, each
also less what the reference pack says (the offline attack of Carlini et al. 2022; Shokri et al. 2017), weighed by a logistic
regression that is fitted on one half and asked about the other. AUC .5 is guessing; in brackets its 95 % bootstrap interval
over sessions. Then the share of members found where 1 % and .1 % of outsiders are accused wrongly; guessing finds as many.

${membershipTable(all)}

A list of ids made from the log alone names every item that anybody looked at, whatever k is, and so tells who did not; with the
shop's whole catalogue (\`--catalog\`) it tells nothing. The columns before the last two suppose the catalogue.

**Can a half-known session be completed?** The attacker knows the first half of a session's distinct items and asks for the
rest: the share of sessions where the first guess is right, and of hidden items that are among the first twenty. What is
foreseen for outsiders is what the pack is for; the excess of members, in points with its 95 % interval, is the leak
(Calandrino et al. 2011). Of two attackers, the lists that browsers show and the tables read both ways, the one with the
larger excess at 20. Two things make the excess at k above 1: items that reach k only because of the member's own session, and
the encoder, whose vectors are trained on every session of the items that reach k and remember pairs that the tables leave out.

${completionTable(all)}

**What does the next day's pack tell of that day?** The pack of the whole log less the one without its last day (where there is
only an order: its latest 1 %). New table entries are read as steps of the added sessions.

${differenceTable(all)}

k bounds what a number rests on, not who changed it last: a pair that k − 1 sessions had before appears because of one, and a
count that moves from k to k + 1 tells of one, at any k. "Told by a count" is the share of added sessions with an item whose
published count changed because of them alone; in brackets the same if counts were shown as powers of two. Releases that are
days apart blur it, since several sessions then stand behind a change.

Written by \`npm --prefix bench run privacy -- FOLDER\`.`
}

function membershipTable(all: readonly Measured[]): string {
  return table(
    [
      'data set',
      'k',
      'AUC',
      'found at 1 %, .1 %',
      'AUC, rare pair',
      'found, rare pair',
      'AUC by tables, likelihood, counts',
      'AUC with ids',
      'found with ids',
    ],
    all.map(({ set, k, membership: m }) => [
      set,
      k,
      auc(m.all),
      found(m.all),
      auc(m.rarePair),
      found(m.rarePair),
      [m.by.tables, m.by.likelihood, m.by.counts].map((roc) => digits(roc.auc.value)).join(', '),
      m.withIds ? digits(m.withIds.auc.value) : '·',
      found(m.withIds),
    ]),
  )
}

function completionTable(all: readonly Measured[]): string {
  const gain = ({ members, outsiders, excess, ci95 }: Excess) =>
    `${percent(members)} − ${percent(outsiders)} = ${points(excess)} (${ci95.map(points).join(' to ')})`
  const stronger = (a: Completed | null, b: Completed | null) =>
    a && b ? (b.at20.excess > a.at20.excess ? b : a) : null
  return table(
    ['data set', 'k', 'first guess', 'first twenty', 'first twenty, rare pair'],
    all.map(({ set, k, completion: c }) => {
      const whole = stronger(c.lists, c.tables)!
      const rare = stronger(c.listsRarePair, c.tablesRarePair)
      return [set, k, gain(whole.at1), gain(whole.at20), rare ? gain(rare.at20) : '·']
    }),
  )
}

function differenceTable(all: readonly Measured[]): string {
  return table(
    [
      'data set',
      'k',
      'added sessions',
      'new entries',
      'due to exactly one session',
      'right as a step (guessing)',
      'of all steps found',
      'sessions with a pair read',
      'chains read',
      'told by a count',
    ],
    all.map(({ set, k, difference: { added, newPairs: p, sessions: s } }) => [
      set,
      k,
      added.toLocaleString('en'),
      p.count.toLocaleString('en'),
      p.count > 0 ? percent(p.onOneSession / p.count) : '·',
      `${percent(p.precision)} (${percent(p.guessed)})`,
      percent(p.recall),
      percent(s.pair),
      percent(s.chain),
      `${percent(s.count)} (${percent(s.coarseCount)})`,
    ]),
  )
}
