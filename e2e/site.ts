/**
 * A shop on http://localhost with two origins, its own and one for a CDN: what they serve, how they can be made to
 * fail, and a log of what they were asked.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Answer {
  status?: number
  headers?: Record<string, string>
  body: string | Uint8Array
}

export interface Asked {
  method: string
  origin: string
  path: string
}

/** A file or page by path, undefined where there is none. */
export type Source = (path: string) => Answer | undefined | Promise<Answer | undefined>

/** What a test page is made of, beside the acts of its scenario. */
export interface Page {
  head?: string
  body?: string
  /** Value of the header `Content-Security-Policy`. */
  csp?: string
}

export class Site {
  readonly requests: Asked[] = []
  #servers: Server[] = []
  #sources: Source[]
  #changes: { pattern: RegExp; change: (answer: Answer) => Answer | Promise<Answer> }[] = []

  private constructor(sources: Source[]) {
    this.#sources = sources
  }

  /** @param sources asked in turn for each path, on both origins */
  static async start(...sources: Source[]): Promise<Site> {
    const site = new Site(sources)
    for (let n = 0; n < 2; n++) {
      const server = createServer((request, response) => void site.#answer(request, response))
      await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
      site.#servers.push(server)
    }
    return site
  }

  get origin(): string {
    return address(this.#servers[0]!)
  }

  /** Another origin: same host, another port. It allows any origin to read, as CDNs do. */
  get cdn(): string {
    return address(this.#servers[1]!)
  }

  /** Serves this path from now on. */
  serve(path: string, answer: Answer): void {
    this.#sources.unshift((asked) => (asked === path ? answer : undefined))
  }

  /** Changes answers to paths that match, e.g. breaks or delays them. Returns what ends it. */
  change(pattern: RegExp, change: (answer: Answer) => Answer | Promise<Answer>): () => void {
    const entry = { pattern, change }
    this.#changes.push(entry)
    return () => void this.#changes.splice(this.#changes.indexOf(entry), 1)
  }

  async close(): Promise<void> {
    for (const server of this.#servers) {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const origin = `http://${request.headers.host}`
    const { pathname } = new URL(request.url ?? '/', origin)
    this.requests.push({ method: request.method ?? '', origin, path: request.url ?? '/' })
    let answer: Answer | undefined
    for (const source of this.#sources) answer ??= await source(pathname)
    answer ??= { status: 404, body: 'There is no such file.' }
    for (const { pattern, change } of [...this.#changes]) {
      if (pattern.test(pathname)) answer = await change(answer)
    }
    const { status = 200, headers, body } = answer
    response.writeHead(status, {
      'Content-Type': typeOf(pathname),
      'Cache-Control': 'no-cache',
      ...(origin === this.cdn ? { 'Access-Control-Allow-Origin': '*' } : {}),
      ...headers,
    })
    response.end(body)
  }
}

function address(server: Server): string {
  return `http://localhost:${(server.address() as AddressInfo).port}`
}

const types: Record<string, string> = {
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.bin': 'application/octet-stream',
  '.gz': 'application/octet-stream',
  '.sig': 'application/octet-stream',
}

function typeOf(path: string): string {
  return types[/\.\w+$/.exec(path)?.[0] ?? ''] ?? 'text/html; charset=utf-8'
}
