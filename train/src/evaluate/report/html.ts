/** Pieces of HTML. Text from outside (paths, ids, names) must go through `escaped`. */

export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)
}

export interface Row {
  name: string
  cells: string[]
  ours?: boolean
}

/** A table whose first column has the row names. On a narrow page the table scrolls, not the page. */
export function table(caption: string, head: readonly string[], rows: readonly Row[]): string {
  const line = ({ name, cells, ours }: Row) =>
    `<tr${ours ? ' class="ours"' : ''}><th scope="row">${escaped(name)}</th>${cells.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`
  return (
    `<div class="scroll" tabindex="0" role="region" aria-label="${escaped(caption)}"><table><caption>${escaped(caption)}</caption>` +
    `<thead><tr>${head.map((title) => `<th scope="col">${escaped(title)}</th>`).join('')}</tr></thead>` +
    `<tbody>${rows.map(line).join('')}</tbody></table></div>`
  )
}

/** A chart with a table of its figures below it. */
export function figure(title: string, chart: string, behind: string): string {
  return `<figure class="card"><h3>${escaped(title)}</h3>${chart}<details><summary>The figures</summary>${behind}</details></figure>`
}

/** A list of terms and descriptions. @param pairs the second of each is HTML */
export function list(kind: string, pairs: readonly (readonly [string, string])[]): string {
  const one = ([term, html]: readonly [string, string]) => `<dt>${escaped(term)}</dt><dd>${html}</dd>`
  return kind === 'tiles'
    ? `<div class="tiles">${pairs.map((pair) => `<dl class="card">${one(pair)}</dl>`).join('')}</div>`
    : `<dl class="${kind}">${pairs.map(one).join('')}</dl>`
}
