/**
 * Runs a TypeScript file of the demo, under Node 20 too: `node demo/run.mjs start.ts --port 4000`.
 * esbuild bundles the file with what it imports from the repository, but not the installed packages. The program runs in
 * the repository's root.
 */
import '../build/node-version.mjs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const here = dirname(fileURLToPath(import.meta.url))
const root = dirname(here)
process.chdir(root)

const entry = process.argv[2]
const outfile = resolve('node_modules/.cache/demo', `${entry.replaceAll('/', '.')}.mjs`)
await build({
  entryPoints: [join(here, entry)],
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  packages: 'external',
  logLevel: 'warning',
})
process.argv.splice(1, 2, outfile)
await import(pathToFileURL(outfile).href)
