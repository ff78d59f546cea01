/** Every page and section of the docs that is made from `bench/results`. */
import type { Ablation } from './ablation/experiment.js'
import { section as ablation } from './ablation/section.js'
import type { ColdStart } from './cold-start/experiment.js'
import { section as coldStart } from './cold-start/section.js'
import { ROWS } from './compare/rows.js'
import { type Compared, section as compare } from './compare/section.js'
import { type Measured as Content, section as content } from './content/section.js'
import { type Disliked, section as disliked } from './dislikes/section.js'
import { type Feedback, section as feedback } from './feedback/section.js'
import { type Measured as Lifecycle, section as lifecycle } from './lifecycle/section.js'
import { type Measured as NewItems, section as newItems } from './new-items/section.js'
import { type Policies, section as policies } from './policies/section.js'
import { type Measured as Privacy, section as privacy } from './privacy/section.js'
import { looksSection, readLooks } from './ranking/looks.js'
import { type Measured as Ranked, rankSection } from './ranking/section.js'
import { readResults } from './script/results.js'
import { type Measured as SecondStage, section as secondStage } from './second-stage/section.js'
import { type Simulated, section as simulated } from './simulator/section.js'
import { type Scale, scaleSection } from './train/scale-section.js'
import { type Speed, speedSection } from './train/speed-section.js'
import { type Varied, section as variety } from './variety/section.js'

interface Section {
  /** File of `docs`. */
  page: string
  /** Of its markers. */
  name: string
  text(): string
}

export const SECTIONS: readonly Section[] = [
  ...Object.entries({
    simulated: () => simulated(readResults<Simulated>('simulated.json')),
    speed: () => speedSection(readResults<Speed>('speed.json')),
    ablation: () => ablation(readResults<Record<string, Ablation>>('ablation.json')),
    compare: () =>
      compare(
        readResults<Record<string, Compared>>('compare.json'),
        ROWS.map(({ name }) => name),
      ),
    content: () => content(readResults<Record<string, Content>>('content.json')),
    lifecycle: () => lifecycle(readResults<Record<string, Lifecycle>>('lifecycle.json')),
    scale: () => scaleSection(readResults<Scale>('scale.json')),
  }).map(([name, text]) => ({ page: 'experiments.md', name, text })),
  {
    page: 'ranking.md',
    name: 'rank',
    text: () => rankSection(readResults<Record<string, Ranked>>('ranking.json', {})),
  },
  { page: 'ranking.md', name: 'looks', text: () => looksSection(readLooks()) },
  {
    page: 'ranking.md',
    name: 'new-items',
    text: () => newItems(readResults<Record<string, NewItems>>('new-items.json', {})),
  },
  {
    page: 'ranking.md',
    name: 'dislikes',
    text: () => disliked(readResults<Disliked>('dislikes.json')),
  },
  {
    page: 'ranking.md',
    name: 'feedback',
    text: () => feedback(readResults<Feedback>('feedback.json')),
  },
  {
    page: 'ranking.md',
    name: 'variety',
    text: () => variety(readResults<Varied>('variety.json')),
  },
  {
    page: 'ranking.md',
    name: 'policies',
    text: () => policies(readResults<Policies>('policies.json')),
  },
  {
    page: 'ranking.md',
    name: 'second-stage',
    text: () => secondStage(readResults<Record<string, SecondStage>>('second-stage.json')),
  },
  {
    page: 'privacy.md',
    name: 'privacy',
    text: () => privacy(readResults<Record<string, Privacy>>('privacy.json')),
  },
  {
    page: 'ranking.md',
    name: 'cold-start',
    text: () => coldStart(readResults<Record<string, ColdStart>>('cold-start.json')),
  },
]
