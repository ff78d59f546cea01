/**
 * CSV, TSV and similar formats in SQL: the columns of the header, and the fields of a line by the rules of RFC 4180.
 */
import { literal } from './database.js'

const DELIMITERS = [',', '\t', ';', '|']

/** The delimiter is the candidate that occurs most often in the header. */
export function delimiterOf(header: string): string {
  const unquoted = header.replace(/"(?:[^"]|"")*"/g, '')
  const count = (d: string) => unquoted.split(d).length
  return DELIMITERS.reduce((best, d) => (count(d) > count(best) ? d : best))
}

/** The column names in a header line. */
export function headerColumns(header: string, delimiter: string): string[] {
  const names: string[] = []
  const field = new RegExp(`${pattern(delimiter)}("(?:[^"]|"")*"|[^${pattern(delimiter)}]*)`, 'g')
  for (const [, name = ''] of (delimiter + header).matchAll(field)) {
    names.push(unquote(name.trim()).trim())
  }
  return names
}

function unquote(field: string): string {
  return field.startsWith('"') && field.endsWith('"') && field.length > 1
    ? field.slice(1, -1).replaceAll('""', '"')
    : field
}

/**
 * SQL: the list of a line's fields. A line without quotes is simply split. In other lines, a field is quoted if it
 * begins with a quote; a line with a misplaced quote gives NULL.
 */
export function fieldsOf(text: string, delimiter: string): string {
  const d = literal(delimiter)
  const e = pattern(delimiter)
  const field = `${e}(?:"(?:[^"]|"")*"|[^"${e}][^${e}]*|)`
  return `CASE
    WHEN NOT contains(${text}, '"') THEN string_split(${text}, ${d})
    WHEN regexp_full_match(${d} || ${text}, ${literal(`(${field})*`)}) THEN list_transform(
      regexp_extract_all(${d} || ${text}, ${literal(field)}),
      lambda f: CASE WHEN f[2] = '"' THEN replace(f[3:-2], '""', '"') ELSE f[2:] END)
    END`
}

function pattern(delimiter: string): string {
  return delimiter === '|' ? '\\|' : delimiter === '\t' ? '\\t' : delimiter
}
