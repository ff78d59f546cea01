/** The entry of `asked.js`, which the engine loads before the first look of a visit, and where the visitor has said what they like. */
export { askedBy } from './asked.js'
export { interestsIn } from './preferences.js'
