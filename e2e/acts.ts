/** Bundles the acts of a scenario for the test page. The acts load the built SDK from the site. */
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** Collects a page's errors, for drivers that the browser does not report them to. */
const ERRORS = `globalThis.pageErrors = []
const log = console.error
console.error = (...what) => {
  pageErrors.push(what.join(' '))
  log(...what)
}
addEventListener('error', ({ message }) => pageErrors.push(message))
addEventListener('unhandledrejection', ({ reason }) => pageErrors.push(String(reason)))`

/** @param file scenario file, absolute */
export async function bundleActs(file: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: `import scenario from ${JSON.stringify(file)}; globalThis.acts = scenario.acts\n${ERRORS}`,
      resolveDir: root,
    },
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
  })
  return outputFiles[0]!.text
}
