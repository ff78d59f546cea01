/**
 * Ends the program with one line if Node is too old. Import this file first. Otherwise an old Node fails later, in a package,
 * with an error that does not say why. This file must use only old syntax.
 */
const OLDEST = [20, 19]

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
  console.error(`nearside needs Node ${OLDEST.join('.')} or later; this is ${process.version}`)
  process.exit(1)
}
