/** Experiments need the training kernels, which are compiled on import: so they are bundled with them first. */
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'vite'
import { assembly } from '../build/assembly.js'

const root = join(import.meta.dirname, '..')

/** Where a script keeps what it makes. */
export function cacheOf(name: string): string {
  return join(root, 'bench/node_modules/.cache', name)
}

/**
 * The exports of a file of `bench`, bundled.
 * @param name of the script, whose cache the bundle goes to
 */
export async function bundled<T>(file: string, name: string): Promise<T> {
  const outDir = cacheOf(name)
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    plugins: [assembly()],
    build: { ssr: file, outDir, emptyOutDir: true, target: 'node20' },
  })
  return (await import(pathToFileURL(join(outDir, basename(file).replace(/\.ts$/, '.js'))).href)) as T
}
