/**
 * Puts elements into each other's places. The nodes themselves move, so listeners, players and inputs in them keep working.
 *
 * A move may run the shop's own code at once, for example the callbacks of custom elements, and that code may change the
 * list. So the result is checked. If it is not what was wanted, all moves are undone.
 */
import { natural } from '../lifecycle/natural.js'

/**
 * @param elements in the order of the document, none inside another
 * @param wanted the same elements in their new order
 * @returns whether they were moved; if not, they are where they were
 */
export function reorder(elements: readonly Element[], wanted: readonly Element[]): boolean {
  /** The node after each element, before anything was moved. */
  const next = elements.map((element) => natural(element).nextSibling)
  const parents = elements.map(parentOf)

  /** The node after the ith place. If the shop has removed it, the next one that is still there. */
  const follower = (order: readonly Element[], i: number): Node | null => {
    for (let j = i; next[i] && j < order.length; j++) {
      const direct = next[j] === elements[j + 1] ? order[j + 1] : next[j]
      const found = [direct, order[j + 1]].find((node) => node && parentOf(node) === parents[i])
      if (found) return found
    }
    return null
  }

  /** Fills the places from last to first. So the node after a place is final when the place is filled. */
  const put = (order: readonly Element[]): boolean => {
    for (let i = order.length - 1; i >= 0; i--) {
      // An element that the shop has removed from the list meanwhile stays out.
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

/** `moveBefore`, where it exists, keeps frames loaded and animations running (https://github.com/whatwg/dom/pull/1307). */
function move(element: Element, parent: Node, next: Node | null): void {
  if (isAt(element, parent, next)) return
  const { moveBefore, insertBefore } = natural(parent as ParentNode & Node)
  try {
    ;(moveBefore ?? insertBefore)(element, next)
  } catch {
    // The page has changed, and the move is impossible now. The check after the moves will notice.
  }
}

function isAt(element: Element, parent: Node, next: Node | null): boolean {
  return parentOf(element) === parent && natural(element).nextSibling === next
}
