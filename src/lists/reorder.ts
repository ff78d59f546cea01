/**
 * Puts elements into each other's places: the same nodes, so that listeners, players and inputs in them live on.
 *
 * Each move may run the shop's own code at once, as the callbacks of custom elements do, and that code may change the
 * list. So every step checks what it relies on, and if anything is not as expected, all that was moved goes back.
 */
import { natural } from '../lifecycle/natural.js'

interface Place {
  parent: ParentNode & Node
  /** What followed the element before anything was moved. */
  next: Node | null
}

/**
 * @param elements in the order of the document, none inside another
 * @param wanted the same elements in their new order
 * @returns whether they were moved; if not, they are where they were
 */
export function reorder(elements: readonly Element[], wanted: readonly Element[]): boolean {
  const places = elements.map((element): Place => {
    const { parentNode, nextSibling } = natural(element)
    return { parent: parentNode as Place['parent'], next: nextSibling }
  })
  try {
    if (arrange(elements, places, wanted)) return true
  } catch {
    // The browser refuses a move that has become impossible. That too means: all goes back.
  }
  restore(elements, places)
  return false
}

/** From the last place to the first: then what follows a place is final when the place is filled. */
function arrange(
  elements: readonly Element[],
  places: readonly Place[],
  wanted: readonly Element[],
): boolean {
  const fill = places.map(({ parent, next }, i) => ({
    element: wanted[i]!,
    from: places[elements.indexOf(wanted[i]!)]!.parent,
    parent,
    // Where the next element followed directly, whatever takes its place follows.
    next: next === elements[i + 1] ? (wanted[i + 1] ?? null) : next,
  }))
  for (const { element, from, parent, next } of [...fill].reverse()) {
    if (parentOf(element) !== from) return false
    move(element, parent, next)
  }
  return fill.every(({ element, parent, next }) => isAt(element, parent, next))
}

/** What the shop has taken out of the list meanwhile stays out; everything else stands again where it stood. */
function restore(elements: readonly Element[], places: readonly Place[]): void {
  for (let i = elements.length - 1; i >= 0; i--) {
    const element = elements[i]!
    const { parent, next } = places[i]!
    if (!places.some((place) => place.parent === parentOf(element))) continue
    const follower = [next, elements[i + 1]].find((node) => node && parentOf(node) === parent)
    try {
      move(element, parent, follower ?? null)
    } catch {
      // Then it stays where the shop has put it.
    }
  }
}

/** `moveBefore` keeps frames loaded and animations running (https://github.com/whatwg/dom/pull/1307). */
function move(element: Element, parent: Place['parent'], next: Node | null): void {
  if (isAt(element, parent, next)) return
  const { moveBefore, insertBefore } = natural(parent)
  ;(moveBefore ?? insertBefore)(element, next)
}

function isAt(element: Element, parent: Node, next: Node | null): boolean {
  return parentOf(element) === parent && natural(element).nextSibling === next
}

export function parentOf(node: Node): Node | null {
  return natural(node).parentNode
}
