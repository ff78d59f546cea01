/**
 * The npm entry. Importing it and calling `create` touch no global, so both are safe on a server. In a browser, the worker
 * starts after the current task or with the first call.
 */
import type { Nearside, Options } from './api.js'
import { createClient } from './client.js'
import { debugged } from './debug/load.js'
import { spawn } from './thread/spawn.js'

export type * from './api.js'

/**
 * A client for one shop.
 *
 * @example
 * const nearside = create({ pack: '/packs/shop/', consent: 'auto' })
 * const { items, by } = await nearside.rank(products, { slot: 'home', limit: 24 })
 */
export function create(options: Options): Nearside {
  const news = debugged(options, () => import('./debug/debug.js'))
  // Where the shop serves the worker itself, its parts are beside it. On a server, this module may have no address.
  const ours = options?.workerUrl
    ? options
    : {
        get parts() {
          return ownParts()
        },
        ...options,
      }
  return createClient(ours, () => spawn(`${options?.workerUrl ?? ownWorker()}`), news)
}

/**
 * Written in the form that bundlers (Vite, webpack 5, Parcel) recognise, so that they emit the built file as it is. In
 * development, Vite before 8 moves this module into its cache but leaves the worker's file where it was
 * (https://github.com/vitejs/vite/issues/10838).
 */
function ownWorker(): string {
  return asBuilt(new URL('./worker.js', import.meta.url))
}

function ownParts(): Options['parts'] {
  return {
    asked: asBuilt(new URL('./asked.js', import.meta.url)),
    live: asBuilt(new URL('./live.js', import.meta.url)),
    shape: asBuilt(new URL('./shape.js', import.meta.url)),
  }
}

function asBuilt({ href }: URL): string {
  return href.replace('/.vite/deps/', '/nearside/dist/')
}
