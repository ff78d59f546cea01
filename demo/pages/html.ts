/** A tagged template for HTML. It escapes the values, so a title with an ampersand or a quote is shown as it is. */

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

/** Markup from elsewhere that is not escaped. */
export function raw(markup: string): Markup {
  return new Markup(markup)
}
