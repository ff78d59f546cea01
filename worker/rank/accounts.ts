/** What explanations are made of. `worker/shape` is a file of its own, so it is given these and does not bring them again. */
import { explain } from './explain.js'
import { measure } from './pipeline.js'
import { recordOf } from './record.js'
import { sourcesOf } from './sources.js'

export const ACCOUNTS = { explain, measure, recordOf, sourcesOf }
