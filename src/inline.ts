/**
 * The npm entry `nearside/inline`, for bundlers that cannot emit a worker's file. The worker's code is inside this module
 * and starts from a Blob. A Content Security Policy must allow that (`worker-src blob:`).
 */
import source from 'nearside:worker-source'
import type { Nearside, Options } from './api.js'
import { createClient } from './client.js'
import { debug } from './debug/debug.js'
import { debugged } from './debug/load.js'
import { blobUrl, spawn } from './thread/spawn.js'

export type * from './api.js'

/** The same as `create` of `nearside`, with the worker inside. */
export function create(options: Options): Nearside {
  const news = debugged(options, async () => ({ debug }))
  return createClient(options, () => spawn(`${options?.workerUrl ?? blobUrl(source)}`), news)
}
