/** A browser without a JIT compiler, as hardened ones are: it has no WebAssembly. */
import { mixed, share, sku } from '../goods.js'
import { scenario } from '../scenario.js'
import { shop } from '../shop.js'

export default scenario({
  name: 'a browser without WebAssembly',
  flags: ['--js-flags=--jitless'],
  acts: { ...shop, has: () => typeof WebAssembly },
  tests: {
    'ranks in JavaScript': async ({ open, expect }) => {
      const tab = await open()
      expect(await tab.run('has')).toBe('undefined')
      await tab.run('create')
      expect(await tab.run('backend')).toBe('js')
      await tab.run('view', ...[0, 1, 2].map((n) => sku('lamp', n)))
      expect(share((await tab.run('rank', mixed())).ids, 'lamp')).toBe(8)
      expect(tab.errors).toEqual([])
    },
  },
})
