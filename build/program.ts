/**
 * Makes commands of this repository's scripts. `--help` explains them, and a mistake is reported in one line on stderr.
 *
 *     await start(
 *       program('npm run e2e --')
 *         .description('Runs the scenarios in a real browser.')
 *         .action(async () => …),
 *     )
 */
import { Command, InvalidArgumentError, Option } from 'commander'

/** Exit status after a mistake on the command line. */
const MISTAKE = 2
/** Exit status after Ctrl-C, the same as in shells. */
const INTERRUPTED = 130

/** The command cannot do what was asked. The message says why, and what to do. */
export class UsageError extends Error {}

/** Ctrl-C was pressed. The command ends without a message. */
export class Interrupted extends Error {}

/** @param usage what is typed before the options: `npm run bench --` */
export function program(usage: string): Command {
  return new Command(usage)
    .helpOption('-h, --help', 'show this help')
    .allowExcessArguments(false)
    .configureOutput({
      outputError: (text, write) =>
        write(`${text.trim().replaceAll('\n', ' ')} (${usage} --help shows all)\n`),
    })
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : MISTAKE))
}

/** Runs a command, and ends the process with its exit status. */
export async function start(command: Command): Promise<void> {
  try {
    await command.parseAsync()
  } catch (error) {
    if (error instanceof Interrupted) process.exit(INTERRUPTED)
    process.stderr.write(`error: ${told(error)}\n`)
    process.exit(error instanceof UsageError ? MISTAKE : 1)
  }
}

/** The text for an error. Our own errors explain themselves. Others, such as a TypeError, are bugs and need a stack. */
function told(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const explained = error instanceof UsageError || error.constructor === Error
  return explained ? error.message : (error.stack ?? error.message)
}

/** Makes a parser for an option that is a whole number. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (!/^\d+$/.test(text) || value < least || value > most) {
      const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`
      throw new InvalidArgumentError(`Expected a whole number ${range}.`)
    }
    return value
  }
}

/** An option that can be given several times. The first value replaces the default, the others are added. */
export function repeatable(flags: string, description: string, byDefault?: readonly string[]): Option {
  const given: string[] = []
  return new Option(flags, `${description}; can be repeated`)
    .argParser((text) => {
      given.push(text)
      return [...given]
    })
    .default(byDefault, byDefault?.join(', '))
}
