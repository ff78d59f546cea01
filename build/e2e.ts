/** `npm run e2e`: the scenarios in a real browser. */
import { Option } from 'commander'
import { program, start } from './program.js'
import { vitest } from './vitest.js'

interface Options {
  browser: 'chromium' | 'firefox' | 'webkit'
  testNamePattern?: string
}

await start(
  program('npm run e2e --')
    .description(
      'Runs the scenarios in a real browser, on what `npm run build` makes; it is built first. Chromium runs all of ' +
        'them, in 5 to 8 minutes. Firefox and WebKit run those that are for every browser, where they are on this ' +
        'machine. Reads the sources; writes `dist` and temporary folders.',
    )
    .addOption(
      new Option('-b, --browser <name>', 'browser to run them in')
        .choices(['chromium', 'firefox', 'webkit'])
        .default('chromium'),
    )
    .option('-t, --testNamePattern <pattern>', 'only the tests whose name matches this regular expression')
    .argument(
      '[files...]',
      'only these test files, such as e2e/scenarios.test.ts; after a further --, options of Vitest',
    )
    .addHelpText(
      'after',
      `
Examples:
  npm run e2e -- -t consent
  npm run e2e -- --browser firefox
  npm run e2e -- e2e/scenarios.test.ts -- --bail 1`,
    )
    .action(run),
)

async function run(files: string[], { browser, testNamePattern }: Options): Promise<void> {
  const status = await vitest(
    [
      ...['--config', 'e2e/vitest.config.ts', '--reporter=verbose'],
      ...(browser === 'chromium' ? [] : ['e2e/scenarios.test.ts']),
      ...(testNamePattern === undefined ? [] : ['-t', testNamePattern]),
      ...files,
    ],
    { E2E_BROWSER: browser },
  )
  process.exitCode = status
}
