/**
 * A small script in the head of every page. It runs before anything is painted, so that the first screen of a visitor
 * who comes back is right from the start.
 */
import { KEYS } from './marks.js'

/** Milliseconds that a list may stay invisible while the device puts it in order. */
const LONGEST = 800

const { dataset } = document.documentElement
try {
  const back = localStorage.getItem(KEYS.back) !== null
  if (back) dataset.visitor = 'back'
  // The window moves in front of the visitor's eyes once a visit. After that it is shown when it is in order.
  const hold =
    (dataset.page === 'home' && back && sessionStorage.getItem(KEYS.moved) !== null) ||
    (dataset.page === 'category' && sessionStorage.getItem(KEYS.sort) !== null)
  if (hold) {
    dataset.hold = ''
    setTimeout(() => delete dataset.hold, LONGEST)
  }
} catch {
  // Storage is blocked: this is a first visit.
}
