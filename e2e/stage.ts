/** The driver: a visitor's browser on Playwright, and the shop that it visits, both new for each test. */
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContext, Page as BrowserPage, CDPSession } from 'playwright'
import { expect } from 'vitest'
import { altered, KEY, release } from './packs.js'
import type { Acts, Stage, Tab } from './scenario.js'
import { type Page, Site } from './site.js'

const dist = join(dirname(dirname(fileURLToPath(import.meta.url))), 'dist')

/**
 * Sets the stage, runs the test, clears away.
 * @param script the scenario's acts, bundled
 */
export async function onStage(
  browser: Browser,
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
    // Browsers ask for it on their own; it is no request of the shop's.
    (path) => (path === '/favicon.ico' ? { status: 204, body: '' } : undefined),
    async (path) => {
      if (!path.startsWith('/nearside/')) return undefined
      const body = await readFile(join(dist, path.slice('/nearside/'.length))).catch(() => undefined)
      return body && { body }
    },
  )
  const context = await browser.newContext()
  const requested: Stage<Acts>['requested'] = []
  context.on('request', (request) => requested.push({ method: request.method(), url: request.url() }))
  let pages = 0
  try {
    await test({
      site,
      expect,
      requested,
      open: async (url = '/') => {
        const tab = new PlaywrightTab(await context.newPage(), site)
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
      alias: (path, page) => site.alias(path, page),
      release,
      altered,
      key: KEY,
      publish: (files) => {
        pack = files
      },
      offline: (on) => context.setOffline(on),
      quota: (bytes) =>
        withTools(context, (tools) =>
          tools.send('Storage.overrideQuotaForOrigin', { origin: site.origin, quotaSize: bytes }),
        ),
      clearDatabases: () =>
        withTools(context, (tools) =>
          tools.send('Storage.clearDataForOrigin', { origin: site.origin, storageTypes: 'indexeddb' }),
        ),
    })
  } finally {
    await context.close()
    await site.close()
  }
}

function html({ head = '', body = '' }: Page): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shop</title>${head}
<script type="module" src="/acts.js"></script></head><body>${body}</body></html>`
}

async function withTools(context: BrowserContext, work: (tools: CDPSession) => Promise<unknown>) {
  const tools = await context.newCDPSession(context.pages()[0]!)
  await work(tools)
  // An override lasts as long as the session that made it, so it stays attached until the context closes.
}

class PlaywrightTab implements Tab<Acts> {
  readonly errors: string[] = []
  #page: BrowserPage
  #site: Site

  constructor(page: BrowserPage, site: Site) {
    this.#page = page
    this.#site = site
    page.on('pageerror', (error) => this.errors.push(String(error)))
    page.on('console', (message) => {
      if (message.type() === 'error') this.errors.push(message.text())
    })
  }

  run<K extends keyof Acts>(act: K, ...args: unknown[]): Promise<unknown> {
    return this.#page.evaluate(
      ([act, args]) => (globalThis as unknown as { acts: Acts }).acts[act]!(...args),
      [act, args] as const,
    )
  }

  async goto(url: string): Promise<void> {
    await this.#page.goto(new URL(url, this.#site.origin).href)
  }

  async reload(): Promise<void> {
    await this.#page.reload()
  }

  async back(): Promise<void> {
    // A page out of the back/forward cache has no load event.
    await this.#page.goBack({ waitUntil: 'commit' })
    await this.#page.waitForFunction(() => document.readyState === 'complete')
  }

  async click(selector: string): Promise<void> {
    await this.#page.locator(selector).first().click()
    await this.#page.waitForLoadState('load')
  }

  async scroll(pixels: number): Promise<void> {
    await this.#page.mouse.wheel(0, pixels)
  }

  async close(): Promise<void> {
    await this.#page.close({ runBeforeUnload: false })
  }
}
