/** `npm run demo`: trains the pack, builds the shop and serves it. */
import { spawn } from 'node:child_process'
import { parseArgs } from 'node:util'
import { buildSite } from './build.js'
import { serve } from './serve.js'
import { hasPack, trainPack } from './train.js'

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
  await makeAll(values.fresh)
  if (values['build-only']) return
  const { server, address } = await serve(port)
  console.log(`Open  ${address}  (Ctrl-C ends it)`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      server.close()
      server.closeAllConnections()
    })
  }
  if (!values['no-open']) openBrowser(address)
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
