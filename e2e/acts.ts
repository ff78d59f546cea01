/** Bundles a scenario for the test page: its acts, with the SDK left out, for the page loads that as it was built. */
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const sdk = join(root, 'src/index.js')

/** @param file scenario file, absolute */
export async function bundleActs(file: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: `import scenario from ${JSON.stringify(file)}; globalThis.acts = scenario.acts`,
      resolveDir: root,
    },
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    plugins: [
      {
        name: 'built-sdk',
        setup({ onResolve }) {
          onResolve({ filter: /src\/index\.js$/ }, ({ path, resolveDir }) =>
            resolve(resolveDir, path) === sdk ? { path: '/nearside/index.js', external: true } : undefined,
          )
        },
      },
    ],
  })
  return outputFiles[0]!.text
}
