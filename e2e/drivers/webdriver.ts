/**
 * Drives WebKitGTK's MiniBrowser through its WebKitWebDriver (https://www.w3.org/TR/webdriver2/). This is Safari's engine on
 * Linux, without a download. Each visitor is one WebDriver session, which takes commands to one tab at a time.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import type { Acts, Tab } from '../scenario.js'
import type { Driver, Visitor } from './driver.js'

type Send = (method: 'GET' | 'POST' | 'DELETE', path: string, body?: object) => Promise<unknown>

/** Paths of WebKitWebDriver, of MiniBrowser, and of Xvfb for a machine without a display. */
export interface Programs {
  driver: string
  browser: string
  xvfb: string | undefined
}

export async function onWebKit(programs: Programs): Promise<Driver> {
  let screen: ChildProcess | undefined
  const env = { ...process.env }
  if (!env.DISPLAY && !env.WAYLAND_DISPLAY && programs.xvfb) {
    screen = spawn(programs.xvfb, ['-displayfd', '1', '-nolisten', 'tcp'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const [number] = (await once(screen.stdout!, 'data')) as [Buffer]
    env.DISPLAY = `:${String(number).trim()}`
  }
  return {
    visit: (origin) => visit(programs, env, origin),
    async close() {
      screen?.kill()
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function newSession(send: Send, binary: string): Promise<string> {
  await listening(send)
  const { sessionId } = (await send('POST', '/session', {
    capabilities: {
      alwaysMatch: {
        'webkitgtk:browserOptions': { binary, args: ['--automation'] },
        timeouts: { script: 60_000 },
      },
    },
  })) as { sessionId: string }
  return sessionId
}

async function listening(send: Send): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await send('GET', '/status')
      return
    } catch (error) {
      if (tries === 100) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}

async function visit(programs: Programs, env: NodeJS.ProcessEnv, origin: string): Promise<Visitor> {
  const port = await freePort()
  // A driver serves one session, so each visitor gets a driver. If one hangs, the others are not affected.
  const driver = spawn(programs.driver, [`--port=${port}`], { stdio: 'ignore', env, detached: true })
  const send: Send = async (method, path, body) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      ...(body && { body: JSON.stringify(body) }),
    })
    const { value } = (await response.json()) as { value: { error?: string; message?: string } | null }
    if (!response.ok) throw new Error(`WebDriver: ${value?.error}: ${value?.message}`)
    return value
  }
  // Ends the driver and its browser, which is in the same process group.
  const end = () => process.kill(-driver.pid!)
  const sessionId = await newSession(send, programs.browser).catch((error) => {
    end()
    throw error
  })
  let queue: Promise<unknown> = Promise.resolve()
  let current = ''
  /** Sends a command to one tab, after all earlier commands. */
  const sendTo = (tab: string, method: 'GET' | 'POST' | 'DELETE', path: string, body?: object) => {
    const answer = queue.then(async () => {
      if (tab !== current) await send('POST', `/session/${sessionId}/window`, { handle: tab })
      current = tab
      return send(method, `/session/${sessionId}${path}`, body)
    })
    queue = answer.catch(() => {})
    return answer
  }
  const unable = (what: string) => async () => {
    throw new Error(`WebDriver cannot ${what}: such a scenario is not one for every browser`)
  }
  return {
    get requested(): never {
      throw new Error('WebDriver does not tell requests: such a scenario is not one for every browser')
    },
    async open() {
      // Windows, not tabs: the driver leaves a new tab in the background, where its page is hidden.
      const { handle } = (await send('POST', `/session/${sessionId}/window/new`, { type: 'window' })) as {
        handle: string
      }
      return new WebDriverTab((...command) => sendTo(handle, ...command), origin)
    },
    openAlone: unable('open a page on its own'),
    offline: unable('cut the network'),
    quota: unable('limit storage'),
    clearDatabases: unable('clear databases'),
    async close() {
      end()
    },
  }
}

/** Runs in the page. It answers as JSON text, because WebDriver's own format has no `undefined`. */
const RUN = `const [act, args, done] = arguments
Promise.resolve().then(() => acts[act](...JSON.parse(args))).then(
  (value) => done({ value: JSON.stringify(value) ?? null, errors: pageErrors.splice(0) }),
  (error) => done({ failed: String(error), errors: pageErrors.splice(0) }))`

class WebDriverTab implements Tab<Acts> {
  /** Errors and unhandled rejections. WebDriver does not report the console. */
  readonly errors: string[] = []
  readonly warnings: string[] = []
  #send: Send
  #origin: string

  constructor(send: Send, origin: string) {
    this.#send = send
    this.#origin = origin
  }

  async run<K extends keyof Acts>(act: K, ...args: unknown[]): Promise<unknown> {
    const answer = (await this.#send('POST', '/execute/async', {
      script: RUN,
      args: [act, JSON.stringify(args)],
    })) as { value?: string | null; failed?: string; errors: string[] }
    this.errors.push(...answer.errors)
    if (answer.failed !== undefined) throw new Error(answer.failed)
    return answer.value === null ? undefined : JSON.parse(answer.value!)
  }

  async goto(url: string): Promise<void> {
    await this.#send('POST', '/url', { url: new URL(url, this.#origin).href })
  }

  async reload(): Promise<void> {
    await this.#send('POST', '/refresh', {})
  }

  async back(): Promise<void> {
    await this.#send('POST', '/back', {})
  }

  async click(selector: string): Promise<void> {
    const element = (await this.#send('POST', '/element', {
      using: 'css selector',
      value: selector,
    })) as Record<string, string>
    await this.#send('POST', `/element/${Object.values(element)[0]}/click`, {})
  }

  async scroll(pixels: number): Promise<void> {
    await this.#send('POST', '/execute/sync', { script: `scrollBy(0, ${pixels})`, args: [] })
  }

  async close(): Promise<void> {
    await this.#send('DELETE', '/window')
  }
}
