/**
 * Listens on the window in the capture phase, so it also hears events of the document and its elements. There no script of
 * the shop can stop them first, and events that do not bubble arrive too.
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
