/** The entry of `shape.js`, which the engine loads where the shop sets how lists are made. */
export { createSettings } from './settings.js'
export { shape } from './shape.js'
