import { nodeResolve } from '@rollup/plugin-node-resolve'
import terser from '@rollup/plugin-terser'
import type { RollupOptions } from 'rollup'
import esbuild from 'rollup-plugin-esbuild'
import { assembly } from './build/assembly.js'

const source = () => [assembly(), nodeResolve(), esbuild({ target: 'es2022', tsconfig: false })]

/** The command line: readable, its dependencies stay dependencies. */
const train: RollupOptions = {
  input: { cli: 'train/src/cli.ts' },
  output: { dir: 'train/dist', format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name].js' },
  external: [/^node:/, '@duckdb/node-api', 'commander', 'cli-progress'],
  plugins: source(),
}

export default [train]
