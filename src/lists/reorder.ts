/**
 * Puts elements into each other's places: the same nodes, so that listeners, players and inputs in them live on.
 *
 * Each move may run the shop's own code at once, as the callbacks of custom elements do, and that code may change the
 * list. So the result is checked, and if it is not what was wanted, everything goes back.
 */
import { natural } from '../lifecycle/natural.js'

/**
 * @param elements in the order of the document, none inside another
 * @param wanted the same elements in their new order
 * @returns whether they were moved; if not, they are where they were
 */
export function reorder(elements: readonly Element[], wanted: readonly Element[]): boolean {
  /** What followed each element, before anything was moved. */
  const next = elements.map((element) => natural(element).nextSibling)
  const parents = elements.map(parentOf)

  /** What follows the ith place; where the shop has taken that out, what comes after it. */
  const follower = (order: readonly Element[], i: number): Node | null => {
    for (let j = i; next[i] && j < order.length; j++) {
      const direct = next[j] === elements[j + 1] ? order[j + 1] : next[j]
      const found = [direct, order[j + 1]].find((node) => node && parentOf(node) === parents[i])
      if (found) return found
    }
    return null
  }

  /** From the last place to the first: then what follows a place is final when the place is filled. */
  const put = (order: readonly Element[]): boolean => {
    for (let i = order.length - 1; i >= 0; i--) {
      // What the shop has taken out of the list meanwhile stays out.
      if (parents.includes(parentOf(order[i]!))) move(order[i]!, parents[i]!, follower(order, i))
    }
    return order.every((element, i) => isAt(element, parents[i]!, follower(order, i)))
  }

  if (put(wanted)) return true
  put(elements)
  return false
}

export function parentOf(node: Node): Node | null {
  return natural(node).parentNode
}

/** `moveBefore` keeps frames loaded and animations running (https://github.com/whatwg/dom/pull/1307). */
function move(element: Element, parent: Node, next: Node | null): void {
  if (isAt(element, parent, next)) return
  const { moveBefore, insertBefore } = natural(parent as ParentNode & Node)
  try {
    ;(moveBefore ?? insertBefore)(element, next)
  } catch {
    // The page has changed so that the move is impossible. The check that follows the moves will see it.
  }
}

function isAt(element: Element, parent: Node, next: Node | null): boolean {
  return parentOf(element) === parent && natural(element).nextSibling === next
}
