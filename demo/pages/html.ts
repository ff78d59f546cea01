/** A tagged template that escapes what is put into it, so that a title with an ampersand or a quote stays a title. */

class Markup {
  constructor(readonly text: string) {}
}

export type { Markup }

type Value = string | number | Markup | readonly Markup[] | false | undefined

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

function text(value: Value): string {
  if (value === false || value === undefined) return ''
  if (value instanceof Markup) return value.text
  if (typeof value === 'object') return value.map(text).join('')
  return String(value).replace(/[&<>"]/g, (char) => ENTITIES[char]!)
}

export function html(parts: TemplateStringsArray, ...values: Value[]): Markup {
  return new Markup(parts.map((part, i) => part + text(values[i])).join(''))
}

/** Markup that was made elsewhere and is taken as it is. */
export function raw(markup: string): Markup {
  return new Markup(markup)
}
