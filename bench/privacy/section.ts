/** The section of docs/privacy.md: what the attacks found. */
import type { Attacked } from '../../train/src/privacy/attack.js'
import type { Completed, Excess } from '../../train/src/privacy/completion.js'
import type { Roc } from '../../train/src/privacy/roc.js'
import { count, decimals, table } from '../pages/table.js'

export interface Measured extends Attacked {
  set: string
}

const digits = decimals(3)
const percent = (value: number) => `${(100 * value).toFixed(1)} %`
const points = (value: number) => `${value < 0 ? '−' : '+'}${(100 * Math.abs(value)).toFixed(1)}`
const auc = (roc: Roc | null) =>
  roc ? `${digits(roc.auc.value)} (${roc.auc.ci95.map(digits).join(' to ')})` : '·'
const found = (roc: Roc | null) =>
  roc ? `${percent(roc.foundAt1.value)}, ${percent(roc.foundAt01.value)}` : '·'

/** @param measured by data set and k */
export function section(measured: Readonly<Record<string, Measured>>): string {
  const all = Object.keys(measured)
    .sort()
    .map((key) => measured[key]!)
  return `The figures are from training logs only. A random third of the newer half of the sessions is in the attacked pack
(members). Another third is in no pack (outsiders). The last third is in the attacker's own reference pack. Members and outsiders
come from the same days by lot, so the figures show what was memorised, and not how the shop changes. "Rare pair" stands for the
sessions that hold a pair which fewer than k other sessions of the training share: those that k is there for. k counts sessions
(people, where they are known).

## Was a session in the training?

The attacker uses three signals: the neighbour tables (which pairs are there, how strong they are, how much of a row lies inside
the session); how likely the blend and the encoder find each step (Yeom et al. 2018); and the counts. Each is also used less what
the reference pack says (the offline attack of Carlini et al. 2022; Shokri et al. 2017). A logistic regression weighs them. It is
fitted on one half of the sessions and asked about the other.

An AUC of .5 is guessing; in brackets is its 95 % bootstrap interval over sessions. The next column is the share of members found
where 1 % and .1 % of outsiders are wrongly accused. Guessing would find the same shares of members.

${membershipTable(all)}

A list of ids that is made from the log alone names every item that anybody looked at, whatever k is. So a session with an item that
is not in the list was certainly not in the training. A list of the shop's whole catalogue (\`--catalog\`) tells nothing. All columns
but the last two assume the catalogue.

## Can a half-known session be completed?

The attacker knows the first half of a session's distinct items and asks for the rest. The figures are the share of sessions where
the first guess is right, and the share of hidden items among the first twenty guesses. What is predicted for outsiders is what the
pack is for. What is predicted for members beyond that, the excess, is the leak (Calandrino et al. 2011); it is in points, with its
95 % interval. Of two attackers, the lists that browsers show and the tables read both ways, the table shows the one with the larger
excess at 20.

There are two reasons for an excess at k above 1. Some items reach k only because of the member's own session. And the encoder's
vectors are trained on every session of the items that reach k, so they remember pairs that the tables leave out.

${completionTable(all)}

## What does the next day's pack tell about that day?

The attacker compares the pack of the whole log with the pack without its last day (where there is only an order: without its
latest 1 %), and reads new table entries as steps of the added sessions.

${differenceTable(all)}

k is the least number of sessions that a number may rest on. It does not hide who changed the number last: a pair that k − 1 sessions had before appears
because of one more, and a count that moves from k to k + 1 tells of one session, at any k. "Told by a count" is the share of added
sessions with an item whose published count changed because of them alone; in brackets is the same if counts were shown as powers
of two. Releases that are days apart blur this, because several sessions are then behind a change.

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
      count(added),
      count(p.count),
      p.count > 0 ? percent(p.onOneSession / p.count) : '·',
      `${percent(p.precision)} (${percent(p.guessed)})`,
      percent(p.recall),
      percent(s.pair),
      percent(s.chain),
      `${percent(s.count)} (${percent(s.coarseCount)})`,
    ]),
  )
}
