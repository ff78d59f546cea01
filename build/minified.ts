/** Minifies each chunk with swc (https://swc.rs). After brotli its output is smaller than that of terser. */
import { minify } from '@swc/core'
import type { Plugin } from 'rollup'

export function minified(): Plugin {
  return {
    name: 'minified',
    renderChunk: (code, _chunk, { format }) =>
      minify(code, {
        ecma: 2020,
        module: format === 'es',
        compress: { passes: 3, ecma: 2020, unsafe_arrows: true, unsafe_methods: true },
        mangle: true,
        format: { comments: false },
      }),
  }
}
