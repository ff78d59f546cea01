/** The entry of `live.js`, which the engine loads where a live file brings new items. */
export { placeItems } from './place.js'
