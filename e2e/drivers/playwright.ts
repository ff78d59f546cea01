/** Chromium and Firefox, driven by Playwright. */
import type { Browser, BrowserContext, Page as BrowserPage, CDPSession } from 'playwright'
import type { Acts, Stage, Tab } from '../scenario.js'
import type { Driver, Visitor } from './driver.js'

export function onPlaywright(browser: Browser): Driver {
  return {
    visit: async (origin) => visitor(browser, await browser.newContext(), origin),
    close: () => browser.close(),
  }
}

function visitor(browser: Browser, context: BrowserContext, origin: string): Visitor {
  const requested: Stage<Acts>['requested'] = []
  context.on('request', (request) => requested.push({ method: request.method(), url: request.url() }))
  return {
    requested,
    open: async () => new PlaywrightTab(await context.newPage(), origin),
    async openAlone(url) {
      // Playwright does not attach to pages of the browser's default context, so the page opens there.
      const tools = await browser.newBrowserCDPSession()
      await tools.send('Target.createTarget', { url: new URL(url, origin).href })
      await tools.detach()
    },
    offline: (on) => context.setOffline(on),
    quota: (bytes) =>
      withTools(context, (tools) =>
        tools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: bytes }),
      ),
    clearDatabases: () =>
      withTools(context, (tools) =>
        tools.send('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb' }),
      ),
    close: () => context.close(),
  }
}

/** Uses Chromium's developer tools. No other browser has them. */
async function withTools(context: BrowserContext, work: (tools: CDPSession) => Promise<unknown>) {
  const tools = await context.newCDPSession(context.pages()[0]!)
  await work(tools)
  // A setting lasts only as long as the session that made it, so the session stays attached until the context closes.
}

class PlaywrightTab implements Tab<Acts> {
  readonly errors: string[] = []
  readonly warnings: string[] = []
  #page: BrowserPage
  #origin: string

  constructor(page: BrowserPage, origin: string) {
    this.#page = page
    this.#origin = origin
    // Browsers ask for the icon by themselves. If a policy forbids it, Firefox reports that; it is not the page's error.
    const note = (error: string) => {
      if (!error.includes('/favicon.ico')) this.errors.push(error)
    }
    page.on('pageerror', (error) => note(String(error)))
    page.on('console', (message) => {
      if (message.type() === 'error') note(message.text())
      if (message.type() === 'warning') this.warnings.push(message.text())
    })
  }

  run<K extends keyof Acts>(act: K, ...args: unknown[]): Promise<unknown> {
    return this.#page.evaluate(
      ([act, args]) => (globalThis as unknown as { acts: Acts }).acts[act]!(...args),
      [act, args] as const,
    )
  }

  async goto(url: string): Promise<void> {
    await this.#page.goto(new URL(url, this.#origin).href)
  }

  async reload(): Promise<void> {
    await this.#page.reload()
  }

  async back(): Promise<void> {
    // A page from the back/forward cache has no load event.
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
