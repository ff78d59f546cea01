/** Puts elements into each other's places: the same nodes, so that listeners, players and inputs in them live on. */
export function reorder(elements: readonly Element[], wanted: readonly Element[]): void {
  const places = elements.map((element) => {
    const place = document.createComment('')
    element.before(place)
    return place
  })
  places.forEach((place, position) => {
    move(wanted[position]!, place)
    place.remove()
  })
}

/** `moveBefore` keeps frames loaded and animations running (https://github.com/whatwg/dom/pull/1307). */
function move(element: Element, place: ChildNode): void {
  const parent = place.parentNode as ParentNode & Node
  if (place.nextSibling === element) return
  const put = parent.moveBefore ?? parent.insertBefore
  put.call(parent, element, place)
}
