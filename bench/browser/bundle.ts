/** Builds the workers that measure from source, together with the kernels. */
import { join } from 'node:path'
import { build } from 'vite'
import { assembly } from '../../build/assembly.js'

const here = join(import.meta.dirname, '..')

/**
 * @param outDir folder for `<name>.js`; emptied first
 * @param workers name of the output to the source file, relative to `bench`
 * @returns `outDir`
 */
export async function bundle(outDir: string, workers: Record<string, string>): Promise<string> {
  await build({
    root: here,
    configFile: false,
    logLevel: 'warn',
    plugins: [assembly()],
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2022',
      modulePreload: false,
      rollupOptions: {
        input: Object.fromEntries(Object.entries(workers).map(([name, file]) => [name, join(here, file)])),
        output: { entryFileNames: '[name].js' },
      },
    },
  })
  return outDir
}
