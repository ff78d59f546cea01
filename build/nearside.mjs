/**
 * `npm run nearside -- train …`: the command line from the sources here, built again first when any of them is newer.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const dist = join(root, 'train/dist')
const cli = join(dist, 'cli.js')
const sources = ['worker', 'train/src', 'train/kernels', 'build', 'rollup.config.ts', 'package-lock.json']

function newest(path) {
  const { mtimeMs } = statSync(path)
  if (!statSync(path).isDirectory()) return mtimeMs
  const inside = readdirSync(path).filter((name) => name !== 'node_modules')
  return Math.max(mtimeMs, ...inside.map((name) => newest(join(path, name))))
}

async function build() {
  process.stderr.write('building the command line\n')
  const { loadConfigFile } = await import('rollup/loadConfigFile')
  const { rollup } = await import('rollup')
  const { options } = await loadConfigFile(join(root, 'rollup.config.ts'), { configPlugin: 'esbuild' })
  const config = options.find(({ input }) => typeof input === 'object' && 'cli' in input)
  // Built aside and renamed: a command that starts meanwhile must not read half a file.
  const aside = join(root, 'node_modules/.cache', `nearside-${process.pid}`)
  const bundle = await rollup(config)
  for (const output of config.output) await bundle.write({ ...output, dir: aside })
  await bundle.close()
  mkdirSync(dist, { recursive: true })
  for (const name of readdirSync(aside)) renameSync(join(aside, name), join(dist, name))
  rmSync(aside, { recursive: true })
}

const changed = Math.max(...sources.map((path) => newest(join(root, path))))
if (!existsSync(cli) || statSync(cli).mtimeMs < changed) await build()

// Ctrl-C reaches the command from the terminal; this process waits for what it makes of it.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {})
const child = spawn(process.execPath, [cli, ...process.argv.slice(2)], { stdio: 'inherit' })
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)))
