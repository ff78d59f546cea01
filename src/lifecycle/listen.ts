/**
 * Listens to events of the window, and to those of the document and its elements on their way down: so no script of the
 * shop can stop them, and events that do not bubble arrive too.
 *
 * @param types separated by spaces
 */
export function listen<E extends Event>(
  types: string,
  callback: (event: E) => void,
  signal?: AbortSignal,
): void {
  for (const type of types.split(' ')) {
    addEventListener(type, callback as (event: Event) => void, { capture: true, signal: signal! })
  }
}
