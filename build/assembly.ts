/**
 * Compiles AssemblyScript to WebAssembly when a module imports it:
 *
 *     import wasm from './assembly/index.wasm'        // base64 of assembly/index.ts, compiled
 *     import { text } from './assembly/index.wasm'    // one character for each byte, with code byte + 93. So the text has no
 *                                                     // quotes or backslashes. In brotli it is a fifth smaller than base64
 *
 * The same plugin works in rollup (builds) and Vitest (tests), so there are no generated files that could be out of date.
 * Compiled modules are cached by the hash of their sources, because the compiler takes about a second to load.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const cache = join(root, 'node_modules/.cache/assembly')

/** The flags of all modules. A module can ask for more in its first line, for example `// asc: --enable threads`. */
const shared = ['-O3', '--converge', '--noAssert', '--enable', 'simd', '--runtime', 'stub', '--use', 'abort=']

async function compile(entry: string): Promise<Uint8Array> {
  const own = /^\/\/ asc: (.*)$/m.exec(readFileSync(entry, 'utf8'))?.[1]?.split(' ') ?? []
  const hash = createHash('sha256').update(JSON.stringify([shared, own]))
  for (const file of readdirSync(dirname(entry)).sort()) {
    if (file.endsWith('.ts')) hash.update(file).update(readFileSync(join(dirname(entry), file)))
  }
  const cached = join(cache, `${hash.digest('hex').slice(0, 32)}.wasm`)
  try {
    return readFileSync(cached)
  } catch {
    // Not compiled yet.
  }
  const { main } = await import('assemblyscript/asc')
  let binary: Uint8Array | undefined
  const { error, stderr } = await main(
    [relative(root, entry), '--baseDir', root, '--outFile', 'out.wasm', ...shared, ...own],
    {
      writeFile: (name: string, contents: Uint8Array | string) => {
        if (name.endsWith('.wasm')) binary = contents as Uint8Array
      },
    },
  )
  if (error || !binary) throw new Error(`${relative(root, entry)} does not compile:\n${stderr.toString()}`)
  mkdirSync(cache, { recursive: true })
  // Written to another file and then renamed, so that a second build at the same time never reads half a module.
  writeFileSync(`${cached}.${process.pid}`, binary)
  renameSync(`${cached}.${process.pid}`, cached)
  return binary
}

export function assembly() {
  return {
    name: 'assembly',
    enforce: 'pre' as const,
    resolveId(source: string, importer: string | undefined) {
      return source.endsWith('.wasm') && importer ? join(dirname(importer), `${source}?assembly`) : null
    },
    async load(id: string) {
      if (!id.endsWith('.wasm?assembly')) return null
      const binary = await compile(id.replace('.wasm?assembly', '.ts'))
      const text = Array.from(binary, (byte) => String.fromCharCode(byte + 93)).join('')
      const base64 = Buffer.from(binary).toString('base64')
      return `export const text = ${JSON.stringify(text)}\nexport default ${JSON.stringify(base64)}`
    },
  }
}
