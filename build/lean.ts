/**
 * Leaves out of a bundle what a package can do and the worker is never asked for, where no tree shaking can know it:
 * a trap of a proxy, a case of a switch. Each of it is found by how it stands in the package's source, and the build fails
 * when it no longer stands there.
 */
import type { Plugin } from 'rollup'

/** What is never used, and its source. */
export type Unused = [what: string, source: RegExp]

/** @param file end of the path of the package's module */
export function lean(file: string, unused: Unused[]): Plugin {
  return {
    name: 'lean',
    transform(code, id) {
      if (!id.endsWith(file)) return null
      let rest = code
      for (const [what, source] of unused) {
        const next = rest.replace(source, '')
        if (next === rest) this.error(`${file} has changed: what is ${what}, which build/ leaves out?`)
        rest = next
      }
      return { code: rest, map: null }
    },
  }
}
