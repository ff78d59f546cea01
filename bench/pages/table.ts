/** Markdown tables and the figures in them. */

/** Columns are as wide as their widest cell, as the formatter wants it. The first `left` columns are text, the others figures. */
export function table(head: string[], rows: (string | number)[][], left = 1): string {
  const cells = [head, ...rows.map((row) => row.map(String))]
  const widths = head.map((_, i) => Math.max(3, ...cells.map((row) => row[i]!.length)))
  const line = (row: string[]) =>
    `| ${row.map((cell, i) => (i < left ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join(' | ')} |`
  const rule = widths.map((width, i) => (i < left ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`))
  return [line(head), line(rule), ...cells.slice(1).map(line)].join('\n')
}

/** Numbers with so many digits after the point and no 0 before it, as the literature prints shares. */
export function decimals(digits: number): (value: number) => string {
  return (value) => value.toFixed(digits).replace(/^(-?)0/, '$1')
}

/** `.5432` */
export const share = decimals(4)

/** `.5432 / .2109` */
export function accuracy(recall: number, mrr: number): string {
  return `${share(recall)} / ${share(mrr)}`
}

/** `12,345` */
export function count(n: number): string {
  return n.toLocaleString('en-US')
}
