#!/usr/bin/env node
/** The command `nearside`. Each command is a file in `commands/`. */
import { Command } from 'commander'
import { VERSION } from '../../worker/version.js'
import { register as evaluate } from './commands/evaluate.js'
import { register as importing } from './commands/import.js'
import { register as inspect } from './commands/inspect.js'
import { register as release } from './commands/release.js'
import { register as train } from './commands/train.js'
import { INTERRUPTED, Interrupted } from './running/interrupt.js'

const program = new Command('nearside')
  .description("Turns a shop's logs into a pack: what nearside re-ranks with on the visitor's own device.")
  .version(VERSION)
  .showHelpAfterError('(nearside <command> --help explains and shows examples)')
  .addHelpText(
    'after',
    `
First steps:
  nearside train --events 'logs/*.csv' --catalog items.csv --out packs/shop
  nearside evaluate --pack packs/shop --events last-days.csv
  nearside inspect packs/shop`,
  )
for (const register of [train, evaluate, inspect, importing, release]) register(program)
for (const command of program.commands) command.copyInheritedSettings(program)

try {
  await program.parseAsync()
} catch (error) {
  process.stderr.write(`nearside: ${error instanceof Error ? error.message : String(error)}\n`)
  // Training threads may still be at work.
  process.exit(error instanceof Interrupted ? INTERRUPTED : 1)
}
