/** A processor without SSE4.1, for which V8 has WebAssembly but no SIMD. */
import { mixed, share, sku } from '../goods.js'
import { scenario } from '../scenario.js'
import { shop } from '../shop.js'

export default scenario({
  name: 'a processor without SIMD',
  flags: [
    '--js-flags=--no-enable-sse3 --no-enable-ssse3 --no-enable-sse4-1 --no-enable-sse4-2 --no-enable-avx',
  ],
  acts: {
    ...shop,
    /** i8x16.splat and popcnt, as https://github.com/GoogleChromeLabs/wasm-feature-detect tries them. */
    simd: () =>
      WebAssembly.validate(
        Uint8Array.of(
          0,
          97,
          115,
          109,
          1,
          0,
          0,
          0,
          1,
          5,
          1,
          96,
          0,
          1,
          123,
          3,
          2,
          1,
          0,
          10,
          10,
          1,
          8,
          0,
          65,
          0,
          253,
          15,
          253,
          98,
          11,
        ),
      ),
  },
  tests: {
    'ranks in JavaScript': async ({ open, expect }) => {
      const tab = await open()
      expect(await tab.run('simd')).toBe(false)
      await tab.run('create')
      expect(await tab.run('backend')).toBe('js')
      await tab.run('view', ...[0, 1, 2].map((n) => sku('lamp', n)))
      expect(share((await tab.run('rank', mixed())).ids, 'lamp')).toBe(8)
      expect(tab.errors).toEqual([])
    },
  },
})
