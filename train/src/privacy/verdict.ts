/** The report of the three attacks: for each one an answer in words, and its figures below it. */
import type { Attacked } from './attack.js'
import type { Completed } from './completion.js'
import { completionHeadline, differenceHeadline, membershipHeadline } from './headline.js'
import type { Estimate, Roc } from './roc.js'

type Headlines = Record<'membership' | 'completion' | 'difference', string>

/** The answer to each attack's question, in one or two sentences. */
export function headlinesOf({ membership, completion, difference }: Attacked): Headlines {
  return {
    membership: membershipHeadline(membership),
    completion: completionHeadline([completion.lists, completion.tables]),
    difference: differenceHeadline(difference),
  }
}

/** The lines of the report. */
export function asText(report: Attacked): string[] {
  const { membership, completion, difference: d, k } = report
  const on = report.protocol === 'given' ? 'this pack' : 'packs trained like this one on parts of the log'
  const answers = headlinesOf(report)
  return [
    `What the pack reveals (k = ${k}; attacks on ${on})`,
    '',
    ...report.notes.map((note) => `  Note: ${note}.`),
    `  Can an attacker tell whether a visit was in the training?  ${answers.membership}`,
    `    all signals                ${figures(membership.all)}`,
    ...sliced('    with a rare pair           ', membership.rarePair),
    ...sliced('    with a rare item           ', membership.rareItem),
    `    neighbour tables alone     ${figures(membership.by.tables)}`,
    `    likelihood alone           ${figures(membership.by.likelihood)}`,
    `    counts alone               ${figures(membership.by.counts)}`,
    ...sliced('    the list of ids alone      ', membership.ids),
    ...sliced('    ids and all signals        ', membership.withIds),
    ...sliced('    the same, with a rare item ', membership.withIdsRareItem),
    '',
    `  Can an attacker who knows half of a visit find the rest?  ${answers.completion}`,
    ...completed('    the lists shown            ', completion.lists),
    ...completed('    the tables, both ways      ', completion.tables),
    ...completed('    lists, with a rare pair    ', completion.listsRarePair),
    ...completed('    tables, with a rare pair   ', completion.tablesRarePair),
    '',
    `  What does the newer pack tell about its ${count(d.added)} new visits?  ${answers.difference}`,
    `    ${count(d.newPairs.count)} new table entries: ${percent(d.newPairs.together, d.newPairs.count)} are together in an added visit, ` +
      `${percent(d.newPairs.onOneSession, d.newPairs.count)} in exactly one`,
    `    as steps of added visits: ${percent(d.newPairs.precision)} right, ${percent(d.newPairs.recall)} of all steps found ` +
      `(guessing from yesterday\u2019s pack: ${percent(d.newPairs.guessed)} right)`,
    `    ${count(d.risenPairs.count)} entries weigh more: ${percent(d.risenPairs.precision)} of them are together in an added visit`,
    `    visits with a pair that belongs to one visit alone ${percent(d.sessions.pair)}; whole chains of new pairs ${percent(d.sessions.chain)}`,
    `    visits recognised by a count ${percent(d.sessions.count)} (${percent(d.sessions.coarseCount)} if counts were powers of two), ` +
      `by a vector ${percent(d.sessions.vector)}`,
    '',
    ...advice(report),
  ]
}

function advice({ k, idsFromLog, membership }: Attacked): string[] {
  const lines = [
    k === 1
      ? '  With k = 1 the pack contains single visits. Do not claim that it contains no personal data. Train with --min-sessions 3 or more.'
      : `  k counts visits (people, where they are known). It is not a formal guarantee: it limits how few visits a number may rest on, not which visit ` +
        `changed it last. Less frequent releases and a higher k make single visits harder to see.`,
  ]
  if (idsFromLog) {
    lines.push(
      '  The list of ids names every item of the log, even items that only one visitor saw, whatever k is. Train with --catalog and the ' +
        'shop\u2019s whole catalogue; then the list tells nothing about visits.',
    )
  }
  if (!membership.reference) {
    lines.push(
      '  The visits in --outsiders may differ from the training visits for other reasons, such as other days. Without --outsiders both are drawn at random from the same days.',
    )
  }
  return lines
}

function figures({ auc, foundAt1, foundAt01 }: Roc): string {
  return `AUC ${estimate(auc)}; found at 1 % false alarms ${percent(foundAt1.value)}, at 0.1 % ${percent(foundAt01.value)}`
}

function sliced(name: string, roc: Roc | null): string[] {
  return roc ? [`${name}${figures(roc)}; ${count(roc.members)} of the visits`] : []
}

function completed(name: string, figures: Completed | null): string[] {
  if (!figures) return []
  return [
    name +
      (['at1', 'at20'] as const)
        .map((at) => {
          const { members, outsiders, excess, ci95 } = figures[at]
          return `${at === 'at1' ? 'first' : 'top 20'} ${percent(members)}, unseen ${percent(outsiders)}: ${points(excess)} [${points(ci95[0])}, ${points(ci95[1])}]`
        })
        .join('; '),
  ]
}

function estimate({ value, ci95 }: Estimate): string {
  return `${value.toFixed(3)} [${ci95[0].toFixed(3)}, ${ci95[1].toFixed(3)}]`
}

function points(difference: number): string {
  return `${difference < 0 ? '\u2212' : '+'}${(100 * Math.abs(difference)).toFixed(1)}`
}

function percent(part: number, whole = 1): string {
  return whole > 0 ? `${((100 * part) / whole).toFixed(1)} %` : 'none'
}

function count(n: number): string {
  return n.toLocaleString('en')
}
