/** A page over plain http has no SHA-256 to verify a pack with, and no OPFS. So the server's order stands. */
import { mixed } from '../goods.js'
import { scenario } from '../scenario.js'
import { shop } from '../shop.js'

export default scenario({
  name: 'a page over plain http',
  flags: ['--host-resolver-rules=MAP shop.test localhost'],
  acts: { ...shop, secure: () => isSecureContext },
  tests: {
    'gets the server\u2019s order and is told why': async ({ open, site, expect }) => {
      const tab = await open(site.origin.replace('localhost', 'shop.test'))
      expect(await tab.run('secure')).toBe(false)
      await tab.run('create', { consent: 'granted' })
      expect((await tab.run('ready')).pack).toMatchObject({
        state: 'failed',
        error: expect.stringMatching(/https/),
      })
      expect(await tab.run('rank', mixed())).toMatchObject({ by: 'server', why: 'no-pack', ids: mixed() })
      expect(tab.errors).toEqual([expect.stringMatching(/^nearside: .*https/)])
    },
  },
})
