/** Makes elements without `innerHTML`, because the security policy forbids markup from text (Trusted Types). */

type Child = Node | string | false | undefined

export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string | number | boolean | undefined> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false)
      element.setAttribute(name, value === true ? '' : String(value))
  }
  element.append(...children.filter((child) => child !== false && child !== undefined))
  return element
}

export function find<T extends HTMLElement>(selector: string, within: ParentNode = document): T | null {
  return within.querySelector<T>(selector)
}

export function all<T extends HTMLElement>(selector: string, within: ParentNode = document): T[] {
  return [...within.querySelectorAll<T>(selector)]
}

/**
 * Where the keyboard goes on in a list that was made again.
 * @param id the entry that had the focus, and its index then
 * @returns the entry's index now; if it is gone, that of the next entry, or of the last one; -1 if none is left
 */
export function nextPlace(id: string, index: number, now: readonly string[]): number {
  const same = now.indexOf(id)
  return same >= 0 ? same : Math.min(index, now.length - 1)
}

/** Marks one button of a group as pressed. */
export function press(group: ParentNode, on: Element | null): void {
  for (const button of all('[aria-pressed]', group))
    button.setAttribute('aria-pressed', String(button === on))
}
