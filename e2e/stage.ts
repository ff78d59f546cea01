/** A visitor and a shop, both new for each test. */
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import type { Driver } from './drivers/driver.js'
import { altered, KEY, release, withEncoder } from './packs.js'
import { reference } from './reference.js'
import type { Acts, Stage } from './scenario.js'
import { type Page, Site } from './site.js'

const dist = join(dirname(dirname(fileURLToPath(import.meta.url))), 'dist')

/**
 * Starts shop and browser, runs the test, and closes both.
 * @param script the scenario's acts, bundled
 */
export async function onStage(
  browser: Driver,
  script: string,
  test: (stage: Stage<Acts>) => Promise<void>,
): Promise<void> {
  let pack = release()
  const site = await Site.start(
    (path) => {
      const body = path.startsWith('/packs/shop/') ? pack.get(path.slice('/packs/shop/'.length)) : undefined
      return body && { body }
    },
    (path) => (path === '/acts.js' ? { body: script } : undefined),
    (path) => (path === '/' ? { body: html({}) } : undefined),
    // Test pages report here.
    (path) => (path === '/told' ? { status: 204, body: '' } : undefined),
    // Browsers ask for the icon by themselves.
    (path) => (path === '/favicon.ico' ? { status: 204, body: '' } : undefined),
    async (path) => {
      if (!path.startsWith('/nearside/')) return undefined
      const body = await readFile(join(dist, path.slice('/nearside/'.length))).catch(() => undefined)
      return body && { body }
    },
  )
  const visitor = await browser.visit(site.origin)
  let pages = 0
  try {
    await test({
      site,
      expect,
      get requested() {
        return visitor.requested
      },
      open: async (url = '/') => {
        const tab = await visitor.open()
        await tab.goto(url)
        return tab
      },
      page: (page = {}) => {
        const path = `/page-${++pages}`
        site.serve(path, {
          body: html(page),
          headers: page.csp === undefined ? {} : { 'Content-Security-Policy': page.csp },
        })
        return path
      },
      openAlone: (url) => visitor.openAlone(url),
      async told(n) {
        const told = () => site.requests.map(({ path }) => path).filter((path) => path.startsWith('/told?'))
        await expect.poll(() => told().length, { timeout: 20_000 }).toBeGreaterThanOrEqual(n)
        return JSON.parse(decodeURIComponent(told()[n - 1]!.slice('/told?'.length)))
      },
      alias: (path, page) => site.alias(path, page),
      release,
      altered,
      withEncoder,
      reference,
      key: KEY,
      publish: (files) => {
        pack = files
      },
      offline: (on) => visitor.offline(on),
      quota: (bytes) => visitor.quota(bytes),
      clearDatabases: () => visitor.clearDatabases(),
    })
  } finally {
    await visitor.close()
    await site.close()
  }
}

function html({ head = '', body = '' }: Page): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shop</title>${head}
<script type="module" src="/acts.js"></script></head><body>${body}</body></html>`
}
