/**
 * A shop on http://localhost with two origins: its own and one for a CDN. Tests can set what they serve and make them fail.
 * All requests are logged.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Answer {
  status?: number
  /** The connection breaks after so many bytes. 0 means before any answer. */
  cutAt?: number
  headers?: Record<string, string>
  body: string | Uint8Array
}

export interface Asked {
  method: string
  origin: string
  path: string
  /** Of the answer. */
  status: number
}

/** Finds a file or page by its path; undefined if there is none. */
export type Source = (path: string) => Answer | undefined | Promise<Answer | undefined>

/** What a test page holds, besides the acts of its scenario. */
export interface Page {
  head?: string
  body?: string
  /** Value of the header `Content-Security-Policy`. */
  csp?: string
}

export class Site {
  readonly requests: Asked[] = []
  /** Origin of the shop's pages. */
  origin = ''
  /** Another origin: same host, another port. It allows any origin to read, as CDNs do. */
  cdn = ''
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
    ;[site.origin, site.cdn] = site.#servers.map(address) as [string, string]
    return site
  }

  /** The text of a file as it is served. */
  async read(path: string): Promise<string> {
    return (await fetch(this.origin + path)).text()
  }

  /** Serves this path from now on. */
  serve(path: string, answer: Answer): void {
    this.#sources.unshift((asked) => (asked === path ? answer : undefined))
  }

  /** Serves the same under `path` as under `other`. */
  alias(path: string, other: string): void {
    this.#sources.unshift((asked) => (asked === path ? this.#find(other) : undefined))
  }

  /** Changes the answers to matching paths, for example breaks or delays them. Returns a function that ends this. */
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

  async #find(path: string): Promise<Answer | undefined> {
    for (const source of this.#sources) {
      const answer = await source(path)
      if (answer) return answer
    }
    return undefined
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const origin = `http://${request.headers.host}`
    const { pathname } = new URL(request.url ?? '/', origin)
    const asked: Asked = { method: request.method ?? '', origin, path: request.url ?? '/', status: 0 }
    this.requests.push(asked)
    let answer = (await this.#find(pathname)) ?? { status: 404, body: 'There is no such file.' }
    for (const { pattern, change } of [...this.#changes]) {
      if (pattern.test(pathname)) answer = await change(answer)
    }
    const { headers, body, cutAt } = answer
    const { ETag } = headers ?? {}
    const unchanged = ETag !== undefined && request.headers['if-none-match'] === ETag
    const status = unchanged ? 304 : (answer.status ?? 200)
    asked.status = status
    if (cutAt === 0) return void request.socket.destroy()
    response.writeHead(status, {
      'Content-Type': typeOf(pathname),
      'Cache-Control': 'no-cache',
      ...(origin === this.cdn ? { 'Access-Control-Allow-Origin': '*' } : {}),
      ...headers,
    })
    if (unchanged) response.end()
    else if (cutAt === undefined) response.end(body)
    else response.write(body.slice(0, cutAt), () => request.socket.destroy())
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
