/** The rules that a shop gives for its pack: `train --rules rules.json`. */
import { readFileSync } from 'node:fs'
import type { Condition, Rule } from '../../../worker/protocol.js'
import { MOST_SETTINGS_BYTES } from '../../../worker/rank/settings.js'
import { MOST_RULES, parseRule } from '../../../worker/shape/rules/parse.js'
import type { Catalogue } from '../data/catalogue.js'

/** Facts of every pack. The catalogue may lack some. */
const FACTS = ['title', 'category', 'brand', 'price', 'image', 'url', 'available', 'added', 'repurchase']

/**
 * The rules of a file: a JSON list of them.
 * @throws {Error} that names the file, the rule, the field, and what is expected
 */
export function readRules(path: string): Rule[] {
  const text = readFileSync(path, 'utf8')
  let rules: unknown
  try {
    rules = JSON.parse(text)
  } catch (error) {
    throw new Error(`${path}: not JSON (${(error as Error).message})`)
  }
  if (!Array.isArray(rules))
    throw new Error(`${path}: expected a list of rules, such as [{ "kind": "hide", "what": "bought" }]`)
  if (rules.length > MOST_RULES)
    throw new Error(`${path}: ${rules.length} rules, at most ${MOST_RULES} can hold`)
  for (const [n, rule] of rules.entries()) parseRule(rule, `${path}: rule ${n + 1}`)
  const bytes = Buffer.byteLength(JSON.stringify({ rules }))
  if (bytes > MOST_SETTINGS_BYTES)
    throw new Error(`${path}: ${bytes} bytes of rules, at most ${MOST_SETTINGS_BYTES} fit into a pack`)
  return rules
}

/**
 * The further columns of the catalogue that the pack needs.
 * @param named by `--facts`
 * @param say is told what rules ask about and neither the catalogue nor any pack has
 * @throws {Error} when a column that was named is not in the catalogue
 */
export function columnsFor(
  catalogue: Catalogue | null,
  named: readonly string[],
  rules: readonly Rule[],
  say: (line: string) => void,
): string[] {
  const there = new Set(catalogue?.attributes.keys())
  for (const name of named) {
    if (there.has(name) || FACTS.includes(name)) continue
    throw new Error(
      catalogue
        ? `--facts ${name}: the catalogue has no such column; it has ${[...there].join(', ') || 'no other columns'}`
        : '--facts names columns of the catalogue: add --catalog',
    )
  }
  const asked = new Set(rules.flatMap(attributesOf))
  for (const name of asked) {
    if (!there.has(name) && !FACTS.includes(name))
      say(`rules ask for "${name}", which the catalogue does not have: the page must give it`)
  }
  return [...there].filter((name) => named.includes(name) || asked.has(name))
}

function attributesOf(rule: Rule): string[] {
  const by = rule.kind === 'cap' ? [rule.by] : []
  return [...by, ...('where' in rule && rule.where ? within(rule.where) : [])]
}

function within(condition: Condition): string[] {
  if ('all' in condition) return condition.all.flatMap(within)
  if ('any' in condition) return condition.any.flatMap(within)
  if ('not' in condition) return within(condition.not)
  return 'attribute' in condition ? [condition.attribute] : []
}
