/** A static file server. It sends the headers that a shop with nearside should send. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type Server, type ServerResponse } from 'node:http'
import sirv from 'sirv'
import { SITE } from './build.js'
import { PACKS } from './train.js'

/** Allows the shop's own address only: nothing can be loaded from, or sent to, anywhere else. */
function policy(site: string): string {
  // The pages have one inline script, which is the same on all of them.
  const [, inline = ''] = /<script>(.*?)<\/script>/s.exec(readFileSync(`${site}/index.html`, 'utf8')) ?? []
  const stub = createHash('sha256').update(inline).digest('base64')
  return [
    "default-src 'none'",
    `script-src 'self' 'wasm-unsafe-eval' 'sha256-${stub}'`,
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types nearside',
  ].join('; ')
}

/** Names with a hash of the content: `shop.1f3a9c0b2d.js`, `art.…/17.svg`, `items.….bin.gz`. */
const HASHED = /\.[0-9a-f]{10,}(?:\.|\/)/

/**
 * @param wanted the first port to try; the next free one is used
 * @param folders the built site and the folder of packs
 * @returns the server and its address
 */
export async function serve(
  wanted: number,
  folders = { site: SITE, packs: PACKS },
): Promise<{ server: Server; address: string }> {
  const csp = policy(folders.site)
  const headers = (response: ServerResponse, path: string) => {
    response.setHeader(
      'Cache-Control',
      HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache',
    )
    response.setHeader('X-Content-Type-Options', 'nosniff')
    response.setHeader('Referrer-Policy', 'no-referrer')
    response.setHeader('Content-Security-Policy', csp)
  }
  const site = sirv(folders.site, { etag: true, gzip: true, brotli: true, setHeaders: headers })
  const packs = sirv(folders.packs, { etag: true, setHeaders: headers })
  const server = createServer((request, response) => {
    const missing = () => {
      response.statusCode = 404
      response.end('Not found\n')
    }
    if (request.url?.startsWith('/packs/')) {
      request.url = request.url.slice('/packs'.length)
      packs(request, response, missing)
    } else site(request, response, missing)
  })
  const port = await listen(server, wanted)
  return { server, address: `http://localhost:${port}/` }
}

async function listen(server: Server, wanted: number): Promise<number> {
  for (let port = wanted; port < wanted + 50; port++) {
    const free = await new Promise<boolean>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'EADDRINUSE') resolve(false)
        else reject(error)
      })
      server.listen(port, 'localhost', () => resolve(true))
    })
    if (free) return port
    server.removeAllListeners('error')
  }
  throw new Error(`No free port from ${wanted} to ${wanted + 49}. Choose another one with --port.`)
}
