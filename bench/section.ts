/** Parts of docs/model.md that scripts write, each between its own markers. */

/**
 * The page with the section in place of what stands between `<!-- name -->` and `<!-- /name -->`, or at its end, under
 * the heading, where it has no such markers yet.
 */
export function fillSection(page: string, name: string, heading: string, section: string): string {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  const from = page.indexOf(open)
  const to = page.indexOf(close)
  if (from < 0 && to < 0) return `${page.trimEnd()}\n\n## ${heading}\n\n${open}\n\n${section}\n\n${close}\n`
  if (to < from || from < 0) throw new Error(`docs/model.md: expected "${open}" and, behind it, "${close}"`)
  return `${page.slice(0, from + open.length)}\n\n${section}\n\n${page.slice(to)}`
}
