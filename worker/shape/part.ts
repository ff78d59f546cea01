/**
 * The entry of `shape.js`, which the engine loads where the shop sets how lists are made, where the pack has a second stage, and
 * to explain an item.
 */
export { explainer } from './explanation.js'
export { createSettings } from './settings.js'
export { shape } from './shape.js'
