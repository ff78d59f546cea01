/** Builds only the command line, into train/dist. */
import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rollup } from 'rollup'
import { loadConfigFile } from 'rollup/loadConfigFile'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const dist = join(root, 'train/dist')
// Built in another folder and then renamed, so that a command that starts meanwhile never reads half a file.
const aside = join(root, 'node_modules/.cache', `nearside-${process.pid}`)

process.chdir(root)
const { options } = await loadConfigFile(join(root, 'rollup.config.ts'), { configPlugin: 'esbuild' })
const config = options.find(({ input }) => typeof input === 'object' && 'cli' in input)
const bundle = await rollup(config)
for (const output of config.output) await bundle.write({ ...output, dir: aside })
await bundle.close()
mkdirSync(dist, { recursive: true })
for (const name of readdirSync(aside)) renameSync(join(aside, name), join(dist, name))
rmSync(aside, { recursive: true })
