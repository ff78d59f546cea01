/** Parts of Markdown pages that scripts write, each between markers of its own. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The page with `text` in place of what stands between `<!-- name -->` and `<!-- /name -->`.
 * @throws {Error} when the page lacks the markers
 */
export function fillSection(page: string, name: string, text: string): string {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  const from = page.indexOf(open)
  const to = page.indexOf(close)
  if (from < 0 || to < from) {
    throw new Error(`no section from "${open}" to "${close}": add both lines where the section belongs`)
  }
  return `${page.slice(0, from + open.length)}\n\n${text}\n\n${page.slice(to)}`
}

/** Writes a section into a page of `docs`. */
export function writeSection(page: string, name: string, text: string): void {
  const path = join(import.meta.dirname, '../../docs', page)
  writeFileSync(path, fillSection(readFileSync(path, 'utf8'), name, text))
}
