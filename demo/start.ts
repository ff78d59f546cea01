/** `npm run demo`: trains, builds and serves the shop. */
import { spawn } from 'node:child_process'
import { program, start, wholeNumber } from '../build/program.js'
import { buildSite } from './build.js'
import { serve } from './serve.js'
import { trainPack } from './train.js'

interface Options {
  port: number
  fresh?: boolean
  buildOnly?: boolean
  open: boolean
}

await start(
  program('npm run demo --')
    .description(
      'Trains a pack on the baskets of a gift shop, builds the shop and serves it, until Ctrl-C. The first start takes a ' +
        'few minutes, nearly all of them for the training; later ones take seconds, as long as neither data nor trainer ' +
        'change.\n\nReads demo/data and the sources. Writes demo/dist.',
    )
    .option('--port <n>', 'port to serve on; if it is taken, the next free one', wholeNumber(1, 65_535), 4173)
    .option('--fresh', 'train again, although nothing has changed')
    .option('--build-only', 'train and build, then end')
    .option('--no-open', 'never open a browser')
    .addHelpText('after', '\nExample:\n  npm run demo -- --port 4000 --no-open')
    .action(main),
)

async function main({ port, fresh = false, buildOnly, open }: Options): Promise<void> {
  const begun = performance.now()
  console.log('1/3  The pack: trained on the baskets of a gift shop')
  console.log((await trainPack(fresh)) ? '     new' : '     as it was: neither data nor trainer has changed')
  console.log('2/3  The shop: SDK, pages and pictures')
  const built = await buildSite()
  console.log(`     ${built.length > 0 ? `built: ${built.join(', ')}` : 'as it was'}`)
  const seconds = ((performance.now() - begun) / 1000).toFixed(0)
  if (buildOnly) {
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
  if (open) openBrowser(address)
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
