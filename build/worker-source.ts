/** Gives the built worker to `src/inline.ts` as text. The worker must be built first. */
import { readFileSync } from 'node:fs'
import type { Plugin } from 'rollup'

const ID = 'nearside:worker-source'

export function workerSource(file: string): Plugin {
  return {
    name: 'worker-source',
    resolveId: (source) => (source === ID ? `\0${ID}` : null),
    load(id) {
      if (id !== `\0${ID}`) return null
      this.addWatchFile(file)
      return `export default ${JSON.stringify(readFileSync(file, 'utf8'))}`
    },
  }
}
