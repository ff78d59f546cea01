/**
 * `npm --prefix bench run feedback`: whether implicit feedback is read rightly. Position bias in made-up shops, where the truth
 * is known; strengths of events on a real log; and positions of a real log. Results are kept, so runs with `--only` add up.
 */
import { join } from 'node:path'
import { program, repeatable, start } from '../../build/program.js'
import { writeSection } from '../pages/section.js'
import { bundled } from '../script/bundled.js'
import { dataSets, FOLDER } from '../script/data-sets.js'
import { readResults, writeResults } from '../script/results.js'
import type * as Experiments from './experiment.js'
import { type Feedback, section, summary } from './section.js'

const PARTS = ['simulated', 'carts', 'bandit'] as const
const [EVENTS, ITEMS, SHOPS] = [30_000, 800, 3]
const SEEDS = [1, 2, 3]
const CARTS = 'retailrocket-week'
const BANDIT = 'open-bandit'

await start(
  program('npm --prefix bench run feedback --')
    .description(
      'Is implicit feedback read rightly? Makes the logs of shops with position bias, and trains with clicks weighted and not. ' +
        'Trains on a real log with and without strengths, and asks for carts and purchases. Estimates position bias on a real ' +
        'log with positions. The parts take 10, 5 and 1 minutes.\n\n' +
        `Reads ${CARTS} and ${BANDIT} of the folder, where they are there. Writes docs/ranking.md and bench/results/feedback.json; ` +
        'parts that are not measured again keep their figures.',
    )
    .argument('<folder>', FOLDER)
    .addOption(repeatable('--only <part>', `only this part: ${PARTS.join(', ')}`))
    .addHelpText('after', '\nExample:\n  npm --prefix bench run feedback -- ../datasets --only simulated')
    .action(run),
)

async function run(folder: string, { only = [...PARTS] }: { only?: string[] }): Promise<void> {
  const experiment = await bundled<typeof Experiments>(join(import.meta.dirname, 'experiment.ts'), 'feedback')
  const known = readResults<Feedback>('feedback.json', {})
  const save = () => {
    writeResults('feedback.json', known)
    writeSection('ranking.md', 'feedback', section(known))
  }
  if (only.includes('bandit')) {
    const [set] = dataSets(folder, ['men-random.tsv.gz'])
    const names = ['men-random', 'men-bts', 'women-random', 'women-bts']
    known.bandit = experiment.measureBandit(
      Object.fromEntries(names.map((name) => [name, set!.file(`${name}.tsv.gz`)])),
    )
    save()
  }
  if (only.includes('carts')) {
    const [set] = dataSets(folder, ['train.tsv.gz', 'test.tsv.gz'], [CARTS])
    const say = (line: string) => console.error(`${CARTS}: ${line}`)
    known.carts = await experiment.measureCarts(
      set!.file('train.tsv.gz'),
      set!.file('test.tsv.gz'),
      SEEDS,
      say,
    )
    save()
  }
  if (only.includes('simulated')) {
    const shops = []
    for (let seed = 1; seed <= SHOPS; seed++) {
      console.error(`made-up shop ${seed} of ${SHOPS}`)
      shops.push(await experiment.simulateBias(seed, EVENTS, ITEMS))
    }
    known.simulated = summary(shops, EVENTS, ITEMS)
    save()
  }
}
