/**
 * `npm run nearside -- train …` runs the command line of this repository. If a source file is newer, it is built first.
 */
import './node-version.mjs'
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const cli = join(root, 'train/dist/cli.js')
const sources = ['worker', 'train/src', 'train/kernels', 'build', 'rollup.config.ts', 'package-lock.json']

/** The latest change of a file, or of anything in a folder. Tests are ignored. */
function changed(path) {
  const stats = statSync(path)
  if (!stats.isDirectory()) return path.endsWith('.test.ts') ? 0 : stats.mtimeMs
  return Math.max(0, ...readdirSync(path).map((name) => changed(join(path, name))))
}

const newest = Math.max(...sources.map((path) => changed(join(root, path))))
if (!existsSync(cli) || statSync(cli).mtimeMs < newest) {
  process.stderr.write('building the command line\n')
  const { status } = spawnSync(process.execPath, [join(root, 'build/command.mjs')], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (status !== 0) process.exit(1)
}
// The command runs in this process, so that Ctrl-C and memory figures are those of the command itself.
await import(pathToFileURL(cli).href)
