/** `npm --prefix bench run policies`: whether `nearside evaluate --policy` finds what is known. */
import { join } from 'node:path'
import { program, start } from '../../build/program.js'
import { writeSection } from '../pages/section.js'
import { typedPath } from '../script/data-sets.js'
import { nearside } from '../script/nearside.js'
import { writeResults } from '../script/results.js'
import { type Policies, section } from './section.js'

await start(
  program('npm --prefix bench run policies --')
    .description(
      'Are off-policy estimates right? The Open Bandit data has logs of two policies for the same items. Each is estimated from ' +
        'the log of the other, and compared with its own log. Takes a minute.\n\n' +
        'Reads men-random.tsv.gz, men-bts.tsv.gz, women-random.tsv.gz and women-bts.tsv.gz. Writes docs/ranking.md and ' +
        'bench/results/policies.json.',
    )
    .argument('<folder>', 'folder of the four logs')
    .addHelpText('after', '\nExample:\n  npm --prefix bench run policies -- ../datasets/open-bandit')
    .action(async (folder: string) => {
      const file = (campaign: string, policy: string) =>
        join(typedPath(folder), `${campaign}-${policy}.tsv.gz`)
      const found: Policies = []
      for (const campaign of ['men', 'women']) {
        for (const [from, to] of [
          ['random', 'bts'],
          ['bts', 'random'],
        ] as const) {
          const files = ['--policy', file(campaign, from), '--target', file(campaign, to)]
          found.push({
            campaign,
            from,
            to,
            ...(await nearside<object>('evaluate', ...files)),
          } as Policies[number])
        }
      }
      writeResults('policies.json', found)
      writeSection('ranking.md', 'policies', section(found))
    }),
)
