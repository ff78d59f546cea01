/** Warns about options that do not exist. Most are misspelt, and then something that the shop wants does not happen. */

/** Names of all options of `create`. */
const OPTIONS = [
  'pack',
  'consent',
  'remember',
  'timeout',
  'key',
  'backend',
  'retention',
  'maxPackBytes',
  'ranking',
  'slots',
  'live',
  'strengths',
  'workerUrl',
  'parts',
  'debug',
]

/** @param names of the options that the shop has set */
export function warnOfUnknown(names: readonly string[]): void {
  for (const name of names) {
    if (OPTIONS.includes(name)) continue
    console.warn(`nearside: unknown option ${name}. Options are ${OPTIONS.join(', ')}.`)
  }
}
