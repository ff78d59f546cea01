/** Experiments use the training kernels, which are compiled on import. So an experiment is bundled with them first. */
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'vite'
import { assembly } from '../../build/assembly.js'
import { ROOT } from './results.js'

/** Where a script keeps what it makes: bundles and packs. Not in `bench/node_modules`, which an installation wipes. */
export function cacheOf(name: string): string {
  return join(ROOT, 'node_modules/.cache/bench', name)
}

/**
 * The exports of a file of `bench`, bundled.
 * @param name of the script, whose cache the bundle goes to
 */
export async function bundled<T>(file: string, name: string): Promise<T> {
  const outDir = join(cacheOf(name), 'bundle')
  await build({
    root: ROOT,
    configFile: false,
    logLevel: 'warn',
    plugins: [assembly()],
    build: { ssr: file, outDir, emptyOutDir: true, target: 'node20' },
  })
  return (await import(pathToFileURL(join(outDir, basename(file).replace(/\.ts$/, '.js'))).href)) as T
}
