/** `npm run demo`: trains the pack, builds the shop and serves it. */
import { spawn } from 'node:child_process'
import { program, start, wholeNumber } from '../build/program.js'
import { buildSite } from './build.js'
import { serve } from './serve.js'
import { hasPack, trainPack } from './train.js'

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
  await makeAll(fresh)
  if (buildOnly) return
  const { server, address } = await serve(port)
  console.log(`Open  ${address}  (Ctrl-C ends it)`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      server.close()
      server.closeAllConnections()
    })
  }
  if (open) openBrowser(address)
}

/** Trains and builds side by side: a part of the training uses one core only. */
async function makeAll(fresh: boolean): Promise<void> {
  const begun = performance.now()
  const training = fresh || !hasPack()
  if (training) {
    console.log('Training a pack on a gift shop’s real baskets and building the shop: 2 to 5 minutes.')
    console.log('The next start takes seconds.')
  }
  const other = new AbortController()
  try {
    const [built] = await Promise.all([buildSite(other.signal), training && trainPack(fresh, other.signal)])
    const made = [...(training ? ['pack'] : []), ...built]
    const seconds = ((performance.now() - begun) / 1000).toFixed(0)
    console.log(
      made.length > 0
        ? `Made in ${seconds} s: ${made.join(', ')}`
        : 'Nothing has changed since the last start.',
    )
  } catch (error) {
    // One has failed, so the other is not needed.
    other.abort()
    throw error
  }
}

/** Only if there is a display, and a person in front of it. */
function openBrowser(address: string): void {
  const { platform, env, stdout } = process
  const display = platform === 'darwin' || platform === 'win32' || env.DISPLAY || env.WAYLAND_DISPLAY
  if (!display || !stdout.isTTY || env.CI || env.SSH_CONNECTION) return
  const [command, ...args] =
    platform === 'darwin' ? ['open'] : platform === 'win32' ? ['cmd', '/c', 'start', ''] : ['xdg-open']
  const child = spawn(command!, [...args, address], { stdio: 'ignore', detached: true })
  // There is no such program. The address is printed anyway.
  child.on('error', () => {})
  child.unref()
}
