import { resolve } from 'node:path'
import { nodeResolve } from '@rollup/plugin-node-resolve'
import type { RollupOptions } from 'rollup'
import esbuild from 'rollup-plugin-esbuild'
import { assembly } from './build/assembly.js'
import { minified } from './build/minified.js'
import { notices } from './build/notices.js'
import { workerSource } from './build/worker-source.js'

const source = () => [assembly(), nodeResolve(), esbuild({ target: 'es2022', tsconfig: false })]

/** The engine. It is one classic script, so that it can also start from a Blob and come from a CDN. */
const worker: RollupOptions = {
  input: 'worker/main.ts',
  output: { file: 'dist/worker.js', format: 'iife' },
  plugins: [source(), minified(), notices()],
}

/** Parts of the engine that it loads only where the shop needs them: see `worker/parts.ts`. */
const PARTS = ['asked', 'live', 'shape']
const parts = PARTS.map(
  (name): RollupOptions => ({
    input: `worker/${name}/part.ts`,
    output: { file: `dist/${name}.js`, format: 'iife', name: `nearsideParts.${name}`, extend: true },
    plugins: [source(), minified()],
  }),
)

/** The file with the explanations for `debug`. It is loaded on request; the npm entry imports it from its own folder. */
const DEBUG = resolve('src/debug/debug.ts')

/**
 * The page's side: the entries for npm, for npm with the worker inside, and for the script tag, and the snippet before that
 * tag. Then three optional files: they rank declarative lists, track what happens in them, and explain mistakes.
 */
const page: RollupOptions[] = [
  {
    input: 'src/index.ts',
    external: [DEBUG],
    output: { file: 'dist/index.js', format: 'es', paths: { [DEBUG]: './debug.js' } },
  },
  { input: 'src/inline.ts', output: { file: 'dist/inline.js', format: 'es' } },
  { input: 'src/auto.ts', output: { file: 'dist/nearside.js', format: 'iife' } },
  { input: 'src/stub.ts', output: { file: 'dist/stub.js', format: 'es' } },
  { input: 'src/lists/declarative.ts', output: { file: 'dist/lists.js', format: 'es' } },
  { input: 'src/capture/declarative.ts', output: { file: 'dist/capture.js', format: 'es' } },
  { input: 'src/debug/debug.ts', output: { file: 'dist/debug.js', format: 'es' } },
].map(
  (part) =>
    ({
      ...part,
      plugins: [source(), workerSource([...PARTS, 'worker'].map((name) => `dist/${name}.js`)), minified()],
    }) as RollupOptions,
)

/** The command line. It is not minified, and its dependencies are not bundled. */
const train: RollupOptions = {
  // Training threads are started by their path, so their file must be beside the command.
  input: { cli: 'train/src/cli.ts', thread: 'train/src/model/optimise/thread.ts' },
  output: { dir: 'train/dist', format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name].js' },
  external: [/^node:/, '@duckdb/node-api', 'commander', 'cli-progress', 'vega', 'vega-lite'],
  plugins: source(),
}

// The order matters: the inline entry contains the built worker and its parts.
export default [worker, ...parts, ...page, train]
