/** The entry of `live.js`, which the engine loads where the shop has a live file. */
export { openLive } from './live.js'
