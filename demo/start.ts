/** `npm run demo`: trains, builds and serves the shop. */
import { spawn } from 'node:child_process'
import { parseArgs } from 'node:util'
import { buildSite } from './build.js'
import { serve } from './serve.js'
import { trainPack } from './train.js'

const HELP = `npm run demo -- [options]

  --port <n>     port to serve on; the next free one is taken (default 4173)
  --fresh        train again, although nothing has changed
  --build-only   train and build, then end
  --no-open      never open a browser`

try {
  await main()
} catch (error) {
  console.error(`demo: ${(error as Error).message}`)
  process.exitCode = 1
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '4173' },
      fresh: { type: 'boolean', default: false },
      'build-only': { type: 'boolean', default: false },
      'no-open': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return console.log(HELP)
  const port = Number(values.port)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new Error(`--port: expected a number from 1 to 65535, got "${values.port}"`)
  }
  const begun = performance.now()
  console.log('1/3  The pack: trained on the baskets of a gift shop')
  console.log(
    (await trainPack(values.fresh)) ? '     new' : '     as it was: neither data nor trainer has changed',
  )
  console.log('2/3  The shop: SDK, pages and pictures')
  const built = await buildSite()
  console.log(`     ${built.length > 0 ? `built: ${built.join(', ')}` : 'as it was'}`)
  const seconds = ((performance.now() - begun) / 1000).toFixed(0)
  if (values['build-only']) {
    console.log(`3/3  Not served, as asked. ${seconds} s`)
    return
  }
  const { server, address } = await serve(port)
  console.log(`3/3  Open  ${address}  (${seconds} s; Ctrl-C ends it)`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      server.close()
      server.closeAllConnections()
    })
  }
  if (!values['no-open']) openBrowser(address)
}

/** Where there is a display to open it on, and a person in front of it. */
function openBrowser(address: string): void {
  const { platform, env, stdout } = process
  const display = platform === 'darwin' || platform === 'win32' || env.DISPLAY || env.WAYLAND_DISPLAY
  if (!display || !stdout.isTTY || env.CI || env.SSH_CONNECTION) return
  const [command, ...args] =
    platform === 'darwin' ? ['open'] : platform === 'win32' ? ['cmd', '/c', 'start', ''] : ['xdg-open']
  const child = spawn(command!, [...args, address], { stdio: 'ignore', detached: true })
  // No such program: the address is printed all the same.
  child.on('error', () => {})
  child.unref()
}
