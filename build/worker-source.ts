/** Gives the built worker, with all of its parts, to `src/inline.ts` as text. They must be built first. */
import { readFileSync } from 'node:fs'
import type { Plugin } from 'rollup'

const ID = 'nearside:worker-source'

/** @param files in the order in which they run */
export function workerSource(files: readonly string[]): Plugin {
  return {
    name: 'worker-source',
    resolveId: (source) => (source === ID ? `\0${ID}` : null),
    load(id) {
      if (id !== `\0${ID}`) return null
      for (const file of files) this.addWatchFile(file)
      const source = files.map((file) => readFileSync(file, 'utf8')).join('\n')
      return `export default ${JSON.stringify(source)}`
    },
  }
}
