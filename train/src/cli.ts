#!/usr/bin/env node
/** The command `nearside`. Each subcommand is a file in `commands/`. */
import { Command } from 'commander'
import { VERSION } from '../../worker/version.js'
import { register as evaluate } from './commands/evaluate.js'
import { register as importing } from './commands/import.js'
import { register as inspect } from './commands/inspect.js'
import { register as live } from './commands/live.js'
import { register as release } from './commands/release.js'
import { register as train } from './commands/train.js'
import { INTERRUPTED, Interrupted } from './running/interrupt.js'

const program = new Command('nearside')
  .description(
    "Trains a pack from a shop's logs. A pack is a folder of static files; nearside re-ranks lists with it on the visitor's device.",
  )
  .version(VERSION)
  .showHelpAfterError('(nearside <command> --help explains the command and shows examples)')
  .addHelpText(
    'after',
    `
First steps:
  1. Train on all days but the last few (about 2 minutes for 100,000 events):
     nearside train --events 'logs/*.csv' --catalog items.csv --out packs/shop
  2. Measure the pack on the days that you left out:
     nearside evaluate --pack packs/shop --events last-days.csv
  3. See what is in it and what it weighs (seconds):
     nearside inspect packs/shop
  4. Put the folder packs/shop on your web server.

nearside <command> --help explains a command and shows examples.`,
  )
for (const register of [train, evaluate, inspect, importing, release, live]) register(program)
for (const command of program.commands) command.copyInheritedSettings(program)

try {
  await program.parseAsync()
} catch (error) {
  process.stderr.write(`nearside: ${error instanceof Error ? error.message : String(error)}\n`)
  // Exit explicitly, because training threads may still be running.
  process.exit(error instanceof Interrupted ? INTERRUPTED : 1)
}
